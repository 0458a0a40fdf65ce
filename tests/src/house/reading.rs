//! Reads a crate's source: its files as a tree of modules, what each defines and hands on, and whom it names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, Item, UseTree};

/// A path of names, from the crate's root: `["write", "queue", "Item"]`.
pub(super) type Names = Vec<String>;

/// One file of a crate.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) file: PathBuf,
    /// The modules that it declares, in its own order.
    pub(super) modules: Vec<String>,
    /// What it defines at its top.
    defined: BTreeSet<String>,
    /// What it hands on under a name, by the whole path.
    handed_on: BTreeMap<String, Names>,
    /// Of which modules it hands everything on.
    handed_on_whole: Vec<Names>,
    /// Whom it names, by whole paths, tests aside.
    named: BTreeSet<Names>,
}

/// A crate: its rooms by the path of their module. The root's is empty.
#[derive(Debug)]
pub(super) struct Crate {
    pub(super) rooms: BTreeMap<Names, Room>,
}

impl Crate {
    /// Reads a crate from its folder.
    pub(super) fn read(folder: &Path) -> Self {
        let root = ["src/lib.rs", "src/main.rs"].map(|file| folder.join(file)).into_iter().find(|file| file.exists());
        let mut rooms = BTreeMap::new();
        read_room(&root.unwrap(), &folder.join("src"), Vec::new(), &mut rooms);
        Self { rooms }
    }

    /// Who imports whom, tests aside: from module to module, with the names that are taken.
    pub(super) fn arrows(&self) -> BTreeMap<(Names, Names), BTreeSet<String>> {
        let mut arrows: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for (from, room) in &self.rooms {
            for path in &room.named {
                let to = self.home(path, 0);
                if to != *from {
                    arrows.entry((from.clone(), to)).or_default().insert(path.last().cloned().unwrap_or_default());
                }
            }
        }
        arrows
    }

    /// The module in which a path leads: that of the file which defines what it names.
    fn home(&self, path: &[String], depth: usize) -> Names {
        let length =
            (0..=path.len()).rev().find(|length| self.rooms.contains_key(&path[..*length])).unwrap_or_default();
        let (module, rest) = path.split_at(length);
        let room = &self.rooms[module];
        let Some(name) = rest.first().filter(|name| !room.defined.contains(*name)) else { return module.to_vec() };
        assert!(depth < 16, "{} is handed on in a ring", path.join("::"));
        if let Some(whole) = room.handed_on.get(name) {
            return self.home(&[whole, &rest[1..]].concat(), depth + 1);
        }
        let everything = room.handed_on_whole.iter().map(|from| self.home(&[from, rest].concat(), depth + 1));
        everything.into_iter().find(|home| self.rooms[home].defined.contains(name)).unwrap_or_else(|| module.to_vec())
    }
}

/// Reads a file, and the files of the modules that it declares, which lie in `folder`.
fn read_room(file: &Path, folder: &Path, module: Names, rooms: &mut BTreeMap<Names, Room>) {
    let text = fs::read_to_string(file).unwrap();
    let items = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())).items;
    let mut room = Room {
        file: file.to_owned(),
        modules: Vec::new(),
        defined: BTreeSet::new(),
        handed_on: BTreeMap::new(),
        handed_on_whole: Vec::new(),
        named: BTreeSet::new(),
    };
    let items: Vec<Item> = items.into_iter().filter(|item| !is_for_tests(item)).collect();
    for item in &items {
        room.defined.extend(defined(item));
        if let Item::Mod(declared) = item
            && declared.content.is_none()
        {
            room.modules.push(declared.ident.to_string());
        }
    }
    for item in &items {
        let Item::Use(import) = item else {
            room.names_in(item.to_token_stream(), &module);
            continue;
        };
        let is_handed_on = !matches!(import.vis, syn::Visibility::Inherited);
        room.import(&import.tree, &mut Vec::new(), &module, is_handed_on);
    }
    for name in room.modules.clone() {
        let (flat, deep) = (folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs"));
        let child = [module.clone(), vec![name.clone()]].concat();
        read_room(if flat.exists() { &flat } else { &deep }, &folder.join(&name), child, rooms);
    }
    rooms.insert(module, room);
}

impl Room {
    /// Takes in one branch of a `use` line.
    fn import(&mut self, tree: &UseTree, before: &mut Names, module: &[String], is_handed_on: bool) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.import(&path.tree, before, module, is_handed_on);
                before.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, before, module, is_handed_on);
                }
            }
            UseTree::Glob(_) => {
                if let Some(whole) = self.whole(before, module) {
                    if is_handed_on {
                        self.handed_on_whole.push(whole.clone());
                    }
                    self.named.insert(whole);
                }
            }
            UseTree::Name(name) => self.take(&name.ident.to_string(), None, before, module, is_handed_on),
            UseTree::Rename(name) => {
                let rename = name.rename.to_string();
                self.take(&name.ident.to_string(), Some(rename), before, module, is_handed_on);
            }
        }
    }

    fn take(&mut self, name: &str, rename: Option<String>, before: &[String], module: &[String], is_handed_on: bool) {
        let mut path = before.to_vec();
        if name != "self" {
            path.push(name.to_owned());
        }
        let Some(whole) = self.whole(&path, module) else { return };
        if is_handed_on {
            let shown = rename.or_else(|| whole.last().cloned()).unwrap_or_default();
            self.handed_on.insert(shown, whole.clone());
        }
        self.named.insert(whole);
    }

    /// A path as it stands in a file of `module`, from the crate's root; `None` when it leads into another crate.
    fn whole(&self, path: &[String], module: &[String]) -> Option<Names> {
        let first = path.first()?;
        let mut base = module.to_vec();
        let rest = match first.trim_start_matches("r#") {
            "crate" => {
                base.clear();
                &path[1..]
            }
            "self" => &path[1..],
            "super" => {
                let up = path.iter().take_while(|name| *name == "super").count();
                base.truncate(base.len().checked_sub(up)?);
                &path[up..]
            }
            name if self.modules.iter().any(|module| module == name) => path,
            _ => return None,
        };
        Some([&base, rest].concat())
    }

    /// Takes in the paths that code names in its middle, macros included: `crate::a::b`, `super::c`, `child::d`.
    fn names_in(&mut self, code: TokenStream, module: &[String]) {
        let mut path: Names = Vec::new();
        let mut colons = 0;
        for tree in code {
            match tree {
                TokenTree::Ident(name) if path.is_empty() || colons == 2 => {
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(point) if point.as_char() == ':' && !path.is_empty() && colons < 2 => colons += 1,
                other => {
                    self.end(&mut path, module);
                    colons = 0;
                    match other {
                        TokenTree::Ident(name) => path.push(name.to_string()),
                        TokenTree::Group(group) => self.names_in(group.stream(), module),
                        TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                    }
                }
            }
        }
        self.end(&mut path, module);
    }

    fn end(&mut self, path: &mut Names, module: &[String]) {
        let path = std::mem::take(path);
        if path.len() > 1
            && let Some(whole) = self.whole(&path, module)
        {
            self.named.insert(whole);
        }
    }
}

/// What an item defines, by name.
fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Mod(item) if item.content.is_some() => &item.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

fn is_for_tests(item: &Item) -> bool {
    let attributes: &[Attribute] = match item {
        Item::Fn(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| attribute.to_token_stream().to_string().replace(' ', "") == "#[cfg(test)]")
}
