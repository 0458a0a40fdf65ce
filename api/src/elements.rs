//! The elements of a batch, cut out of it while it arrives: the lines of NDJSON, or what stands in a JSON array.
//!
//! Nothing is kept but the element that is not complete yet. Brackets and quotes alone say where an element ends; whether
//! it is JSON is found out by whoever reads it.

use service::{
    misfit::{Fits, Found, Misfit, Place},
    problem::{Problem, Refusal},
};

/// How the elements of a batch stand beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One a line; empty lines count for nothing.
    Lines,
    /// In a JSON array.
    Array,
}

/// An element.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Element {
    /// What it says; nothing of one that is too long.
    pub(crate) text: Option<Vec<u8>>,
    /// The line in which it begins, counted from one.
    line: usize,
    /// How many bytes stand before it in that line.
    before: usize,
}

impl Element {
    /// A place in the element, as a place in the batch.
    pub(crate) fn place(&self, Place { line, column }: Place) -> Place {
        let column = if line == 1 { self.before + column } else { column };
        Place { line: self.line + line - 1, column }
    }
}

/// Cuts elements out of what arrives.
#[derive(Debug)]
pub(crate) struct Cutter {
    form: Form,
    /// No element has more bytes.
    bytes_most: usize,
    state: State,
    element: Element,
    bytes: usize,
    /// Where the next byte stands: as in [`Element`].
    line: usize,
    before: usize,
}

/// Where in the batch the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the array.
    Outside,
    /// Before an element. The array may end here if it is the first one.
    Before { is_first: bool },
    /// In an element, so many brackets deep.
    Inside { depth: usize },
    /// In a text of an element that is so many brackets deep.
    InText { depth: usize, is_escaped: bool },
    /// After the array.
    Behind,
}

impl Cutter {
    pub(crate) fn new(form: Form, bytes_most: usize) -> Self {
        let state = match form {
            Form::Lines => State::Inside { depth: 0 },
            Form::Array => State::Outside,
        };
        let element = Element { text: Some(Vec::new()), line: 1, before: 0 };
        Self { form, bytes_most, state, element, bytes: 0, line: 1, before: 0 }
    }

    /// Cuts what arrived, and hands each element over as soon as it is complete.
    ///
    /// # Errors
    /// When it is no array, or whoever takes the elements wants no more.
    pub(crate) fn cut(
        &mut self,
        data: &[u8],
        take: &mut impl FnMut(Element) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        match self.form {
            Form::Lines => self.cut_lines(data, take),
            Form::Array => data.iter().try_for_each(|byte| self.cut_array(*byte, take)),
        }
    }

    /// Nothing else arrives.
    ///
    /// # Errors
    /// When the array is not complete, or whoever takes the elements wants no more.
    pub(crate) fn end(mut self, take: &mut impl FnMut(Element) -> Result<(), Problem>) -> Result<(), Problem> {
        match (self.form, self.state) {
            (Form::Lines, _) => self.hand_over(take),
            (Form::Array, State::Behind) => Ok(()),
            (Form::Array, State::Outside | State::Before { .. } | State::Inside { .. } | State::InText { .. }) => {
                Err(does_not_fit(Misfit::JsonBreaksOff(Place { line: self.line, column: self.before })))
            }
        }
    }

    fn cut_lines(&mut self, data: &[u8], take: &mut impl FnMut(Element) -> Result<(), Problem>) -> Result<(), Problem> {
        let mut rest = data;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            self.keep(&rest[..end]);
            self.hand_over(take)?;
            rest = &rest[end + 1..];
        }
        self.keep(rest);
        Ok(())
    }

    fn cut_array(&mut self, byte: u8, take: &mut impl FnMut(Element) -> Result<(), Problem>) -> Result<(), Problem> {
        let is_blank = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        match (self.state, byte) {
            (State::Outside | State::Before { .. } | State::Behind, _) if is_blank => {}
            (State::Outside, b'[') => self.state = State::Before { is_first: true },
            (State::Outside, b'{' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                return Err(does_not_fit(Misfit::Type { found: Found::NoList, fits: Fits::List }));
            }
            (State::Before { is_first: true }, b']') => self.state = State::Behind,
            (State::Outside | State::Behind, _) | (State::Before { .. }, b',' | b']' | b'}') => {
                return Err(self.no_json_here());
            }
            (State::Before { .. }, _) => {
                (self.element.line, self.element.before) = (self.line, self.before);
                self.state = State::Inside { depth: 0 };
                self.step_inside(0, byte);
            }
            (State::Inside { depth: 0 }, b',') => {
                self.hand_over(take)?;
                self.state = State::Before { is_first: false };
            }
            (State::Inside { depth: 0 }, b']') => {
                self.hand_over(take)?;
                self.state = State::Behind;
            }
            (State::Inside { depth }, _) => self.step_inside(depth, byte),
            (State::InText { depth, is_escaped }, _) => {
                self.state = match (is_escaped, byte) {
                    (false, b'"') => State::Inside { depth },
                    (false, b'\\') => State::InText { depth, is_escaped: true },
                    _ => State::InText { depth, is_escaped: false },
                };
                self.keep(&[byte]);
            }
        }
        if byte == b'\n' {
            (self.line, self.before) = (self.line + 1, 0);
        } else {
            self.before += 1;
        }
        Ok(())
    }

    fn step_inside(&mut self, depth: usize, byte: u8) {
        self.state = match byte {
            b'"' => State::InText { depth, is_escaped: false },
            b'[' | b'{' => State::Inside { depth: depth + 1 },
            b']' | b'}' => State::Inside { depth: depth.saturating_sub(1) },
            _ => State::Inside { depth },
        };
        self.keep(&[byte]);
    }

    /// Of what is too long nothing is kept.
    fn keep(&mut self, data: &[u8]) {
        self.bytes = self.bytes.saturating_add(data.len());
        if self.bytes > self.bytes_most {
            self.element.text = None;
        }
        if let Some(text) = &mut self.element.text {
            text.extend_from_slice(data);
        }
    }

    fn hand_over(&mut self, take: &mut impl FnMut(Element) -> Result<(), Problem>) -> Result<(), Problem> {
        self.bytes = 0;
        let next = Element { text: Some(Vec::new()), line: 1, before: 0 };
        let element = std::mem::replace(&mut self.element, next);
        let is_empty_line =
            self.form == Form::Lines && element.text.as_ref().is_some_and(|text| text.trim_ascii().is_empty());
        if is_empty_line { Ok(()) } else { take(element) }
    }

    fn no_json_here(&self) -> Problem {
        does_not_fit(Misfit::NoJson(Place { line: self.line, column: self.before + 1 }))
    }
}

fn does_not_fit(why: Misfit) -> Problem {
    Problem::new(Refusal::BodyDoesNotFit(why))
}

#[cfg(test)]
mod tests {
    use ledger::Language;

    use super::*;

    /// The elements of a batch that arrives in pieces of so many bytes, between `|`; what is too long is `…`.
    fn cut(form: Form, batch: &str, piece: usize) -> String {
        let mut found = Vec::new();
        let mut take = |element: Element| {
            let text = element.text.map_or("…".to_owned(), |text| String::from_utf8(text).unwrap());
            found.push(text);
            Ok(())
        };
        let mut cutter = Cutter::new(form, 20);
        let done = batch.as_bytes().chunks(piece).try_for_each(|piece| cutter.cut(piece, &mut take));
        match done.and_then(|()| cutter.end(&mut take)) {
            Ok(()) => found.join("|"),
            Err(problem) => problem.detail(Language::English),
        }
    }

    #[test]
    fn elements_are_cut_the_same_however_they_arrive() {
        let (lines, array) = (Form::Lines, Form::Array);
        for (form, batch, expected) in [
            (lines, "", ""),
            (lines, "\n \r\n\n", ""),
            (lines, "{\"a\":1}\n{}", "{\"a\":1}|{}"),
            (lines, "[1,\n2]\r\n3\n", "[1,|2]\r|3"),
            (lines, "1\n123456789012345678901\n2", "1|…|2"),
            (array, "[]", ""),
            (array, " [ ] \n", ""),
            (array, "[1]", "1"),
            (array, " [ {\"a\": [1, 2]} ,\n 3 ] ", "{\"a\": [1, 2]} |3 "),
            (array, r#"["a,]\"\\","b\\"]"#, r#""a,]\"\\"|"b\\""#),
            (array, "[1,123456789012345678901,2]", "1|…|2"),
            (array, "[[],{},[[]]]", "[]|{}|[[]]"),
            (array, "", "the JSON breaks off at line 1, column 0"),
            (array, "[1,\n2", "the JSON breaks off at line 2, column 1"),
            (array, "[\"]", "the JSON breaks off at line 1, column 3"),
            (array, "{\"a\":1}", "invalid type: no array, expected an array"),
            (array, "nul", "invalid type: no array, expected an array"),
            (array, "?", "no JSON from line 1, column 1 on"),
            (array, "[,1]", "no JSON from line 1, column 2 on"),
            (array, "[1,]", "no JSON from line 1, column 4 on"),
            (array, "[1,\n}", "no JSON from line 2, column 1 on"),
            (array, "[1]\n 2", "no JSON from line 2, column 2 on"),
        ] {
            for piece in [1, 2, 3, 100] {
                assert_eq!(cut(form, batch, piece), expected, "{form:?} {batch:?} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn a_place_in_an_element_is_one_in_the_batch() {
        let mut places = Vec::new();
        let mut take = |element: Element| {
            places.push([(1, 3), (2, 3)].map(|(line, column)| element.place(Place { line, column })));
            Ok(())
        };
        let mut cutter = Cutter::new(Form::Array, 100);
        cutter.cut(b"[1,\n  {\"a\":\n 1}]", &mut take).unwrap();
        let place = |line, column| Place { line, column };
        assert_eq!(places, [[place(1, 4), place(2, 3)], [place(2, 5), place(3, 3)]]);
    }

    #[test]
    fn whoever_takes_no_more_is_handed_nothing_else() {
        for (form, batch) in [(Form::Lines, "1\n2\n3\n?"), (Form::Array, "[1,2,3,?")] {
            let mut count = 0;
            let mut take = |_| {
                count += 1;
                if count < 2 { Ok(()) } else { Err(Problem::new(Refusal::NotFound)) }
            };
            let problem = Cutter::new(form, 100).cut(batch.as_bytes(), &mut take).unwrap_err();
            assert_eq!((&*problem.slug(), count), ("not-found", 2), "{form:?}");
        }
    }
}
