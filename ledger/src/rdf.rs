//! A JSON-LD document as the set of statements that it makes, in canonical N-Quads (RDF Dataset Canonicalization).
//!
//! Contexts are embedded and looked up by address: nothing is fetched, and what an address means cannot change under
//! a signature. A document that uses another context is refused.

mod canonical;

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::Dataset;
use serde_json::Value;

use canonical::{TooMuchWork, Work};

/// Contexts by address. Their sources are in `ledger/contexts/SOURCES.md`.
const CONTEXTS: &[(&str, &str)] = &[
    ("https://www.w3.org/ns/credentials/v2", include_str!("../contexts/credentials-v2.json")),
    (
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        include_str!("../contexts/ob-v3p0-context-3.0.3.json"),
    ),
    ("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", include_str!("../contexts/ob-v3p0-extensions.json")),
    ("https://w3id.org/security/data-integrity/v2", include_str!("../contexts/security-data-integrity-v2.json")),
    ("https://w3id.org/security/multikey/v1", include_str!("../contexts/security-multikey-v1.json")),
    (crate::statement::CONTEXT_URL, crate::statement::CONTEXT),
    #[cfg(test)]
    ("https://www.w3.org/ns/credentials/examples/v2", include_str!("../vectors/w3c/credentials-examples-v2.json")),
];

/// No credential has so many objects, nor names contexts so often: each is worked through wherever it is named.
const OBJECTS_MOST: usize = 5_000;
const CONTEXTS_MOST: usize = 32;

/// What a text may be told with. Other keywords move what stands beneath them: into the object around it, or out of it.
const TEXT_KEYWORDS: &[&str] = &["@value", "@language", "@direction"];

/// Why a document has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RdfError {
    /// A context that this program does not know, by address.
    UnknownContext(String),
    /// A document that makes no sense as JSON-LD, in the parser's words.
    Unreadable(String),
    /// A document built to keep its reader busy.
    TooEntangled,
}

/// The document's statements, sorted, a line each.
///
/// # Errors
/// As [`RdfError`] says.
pub(crate) fn canonical_nquads(document: &Value) -> Result<String, RdfError> {
    canonical_nquads_within(document, &mut Work::default())
}

fn canonical_nquads_within(document: &Value, work: &mut Work) -> Result<String, RdfError> {
    if let Some(unknown) = unknown_context(document) {
        return Err(RdfError::UnknownContext(unknown));
    }
    let size = Size::of(document);
    if size.objects > OBJECTS_MOST || size.contexts > CONTEXTS_MOST {
        return Err(RdfError::TooEntangled);
    }
    let text = document.to_string();
    let parser = JsonLdParser::new().for_slice(text.as_bytes()).with_load_document_callback(|url, _| {
        let found = CONTEXTS.iter().find(|(known, _)| *known == url);
        let (_, context) = found.ok_or_else(|| format!("unknown context {url}"))?;
        Ok(JsonLdRemoteDocument { document: context.as_bytes().to_vec(), document_url: url.to_owned() })
    });
    let mut dataset = Dataset::new();
    for quad in parser {
        dataset.insert(&quad.map_err(|error| RdfError::Unreadable(error.to_string()))?);
    }
    canonical::nquads(&dataset, work).map_err(|TooMuchWork| RdfError::TooEntangled)
}

/// What there is to work through in a document.
#[derive(Default)]
struct Size {
    objects: usize,
    contexts: usize,
}

impl Size {
    fn of(document: &Value) -> Self {
        let mut size = Self::default();
        let mut todo = vec![document];
        while let Some(value) = todo.pop() {
            match value {
                Value::Array(items) => todo.extend(items),
                Value::Object(members) => {
                    size.objects = size.objects.saturating_add(1);
                    let contexts = members.get("@context").map_or(0, |it| it.as_array().map_or(1, Vec::len));
                    size.contexts = size.contexts.saturating_add(contexts);
                    todo.extend(members.values());
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        size
    }
}

/// What the names in a document are, to whoever reads it as JSON-LD.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Terms {
    /// Each is a term of its contexts. So are those of a document without any, which is no JSON-LD.
    Known,
    /// The first one that is none: written as an address, moved by a keyword, or known to none of its contexts.
    Unknown(String),
    /// It has a context of its own, or one that this program does not know, by which any name may mean anything.
    Elsewhere,
}

/// The names that an embedded context defines.
#[derive(Default)]
struct Vocabulary {
    terms: BTreeSet<String>,
    /// Whether every other name is one too.
    is_open: bool,
}

static VOCABULARIES: LazyLock<HashMap<&str, Vocabulary>> = LazyLock::new(|| {
    let read = |(address, text): &(&'static str, &str)| {
        let mut vocabulary = Vocabulary::default();
        vocabulary.take(&serde_json::from_str(text).unwrap_or_default());
        (*address, vocabulary)
    };
    CONTEXTS.iter().map(read).collect()
});

impl Vocabulary {
    /// Takes the names that a context defines, also within others.
    fn take(&mut self, context: &Value) {
        match context {
            Value::Array(items) => items.iter().for_each(|item| self.take(item)),
            Value::Object(members) => {
                for (name, member) in members {
                    if name == "@vocab" {
                        self.is_open = true;
                    } else if !name.starts_with('@') {
                        self.terms.insert(name.clone());
                    }
                    self.take(member);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Whether all names in a document are terms of its contexts.
pub(crate) fn terms_of(document: &Value) -> Terms {
    let contexts = contexts_of(document);
    if contexts.is_empty() {
        return Terms::Known;
    }
    let known = contexts.iter().map(|context| VOCABULARIES.get(context.as_str()?));
    let Some(known) = known.collect::<Option<Vec<&Vocabulary>>>() else { return Terms::Elsewhere };
    let is_term = |name: &str| {
        let is_known = |context: &&Vocabulary| context.is_open || context.terms.contains(name);
        TEXT_KEYWORDS.contains(&name) || (!name.contains([':', '@']) && known.iter().any(is_known))
    };
    let mut todo = vec![document];
    while let Some(value) = todo.pop() {
        match value {
            Value::Array(items) => todo.extend(items),
            Value::Object(members) => {
                for (name, member) in members {
                    if name == "@context" {
                        // A proof tells again which contexts it was made over.
                        let tells_again = one_or_several(member).iter().all(|context| contexts.contains(context));
                        if member.is_null() || !tells_again {
                            return Terms::Elsewhere;
                        }
                        continue;
                    }
                    let types = if name == "type" { one_or_several(member) } else { &[] };
                    let mut names = types.iter().filter_map(Value::as_str).chain([name.as_str()]);
                    if let Some(other) = names.find(|name| !is_term(name)) {
                        return Terms::Unknown(other.to_owned());
                    }
                    todo.push(member);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    Terms::Known
}

/// The contexts of a document, at its top.
fn contexts_of(document: &Value) -> &[Value] {
    one_or_several(&document["@context"])
}

/// A value that may stand alone or in a list.
pub(crate) fn one_or_several(value: &Value) -> &[Value] {
    match value {
        Value::Array(several) => several.as_slice(),
        Value::Null => &[],
        one @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => std::slice::from_ref(one),
    }
}

/// The first context of the document, at its top, that is not embedded here.
fn unknown_context(document: &Value) -> Option<String> {
    let addresses = contexts_of(document).iter().filter_map(Value::as_str);
    let mut unknown = addresses.filter(|url| !CONTEXTS.iter().any(|(known, _)| known == url));
    unknown.next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_terms_stand_below_their_address() {
        let terms: Value = serde_json::from_str(crate::statement::CONTEXT).unwrap();
        let address = crate::statement::CONTEXT_URL;
        assert_eq!(terms["@context"]["@vocab"], format!("{address}#"));
        for term in ["AnnualStatement", "ProvisionalStatement"] {
            assert_eq!(terms["@context"][term], format!("{address}#{term}"));
        }
    }

    #[test]
    fn the_w3cs_document_has_the_w3cs_canonical_form() {
        let document = serde_json::from_str(include_str!("../vectors/w3c/unsigned.json")).unwrap();
        let expected = include_str!("../vectors/w3c/eddsa-rdfc-2022/canonDocDataInt.txt");
        assert_eq!(canonical_nquads(&document).unwrap(), expected);
    }

    /// Nodes each of which is said to have each other one as its evidence: nothing tells them apart.
    fn clique(size: usize) -> Value {
        let all =
            || (0..size).map(|node| serde_json::json!({ "id": format!("_:n{node}"), "type": "VerifiableCredential" }));
        let one = |(node, mut it): (usize, Value)| {
            let others = all().enumerate().filter(|(other, _)| *other != node);
            it["evidence"] = others.map(|(_, other)| serde_json::json!({ "id": other["id"] })).collect();
            it
        };
        serde_json::json!({
            "@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiableCredential",
            "evidence": all().enumerate().map(one).collect::<Vec<_>>(),
        })
    }

    #[test]
    fn a_document_built_to_keep_its_reader_busy_is_refused_after_so_many_steps() {
        let steps = |document: &Value| {
            let mut work = Work::default();
            let result = canonical_nquads_within(document, &mut work);
            (result, work.taken())
        };
        for size in [6, 8, 12, 15] {
            let document = clique(size);
            assert!(document.to_string().len() < 6_000);
            let (result, steps) = steps(&document);
            assert_eq!(result, Err(RdfError::TooEntangled), "{size}");
            // The step that was one too many may have stood for a handful.
            assert!((canonical::WORK_MOST + 1..canonical::WORK_MOST + 100).contains(&steps), "{size}: {steps}");
        }
        // What is small enough to be tried out is, and what parents tell apart is no matter, however many they are.
        let (result, few) = steps(&clique(3));
        assert!(result.is_ok() && few < 500, "{few}");
        let below = |count: usize| vec![serde_json::json!({ "name": "below" }); count];
        let parents = ["one", "another"]
            .map(|name| serde_json::json!({ "type": "VerifiableCredential", "name": name, "evidence": below(100) }));
        let context = "https://www.w3.org/ns/credentials/v2";
        let wide = serde_json::json!({ "@context": context, "type": "VerifiableCredential", "evidence": parents });
        let (result, some) = steps(&wide);
        assert!(result.is_ok() && some < 2_000, "{some}");
    }

    #[test]
    fn another_context_is_refused() {
        let document = serde_json::json!({"@context": ["https://example.org/other"], "name": "x"});
        assert_eq!(canonical_nquads(&document), Err(RdfError::UnknownContext("https://example.org/other".to_owned())));
    }
}
