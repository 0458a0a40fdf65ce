//! Letters by e-mail, and the ways on which they leave.
//!
//! [`App`](crate::App) has a [`Postman`]. Whoever answers a request and has a letter to send along writes it and goes on:
//!
//! ```
//! # use ledger::Language;
//! use service::mail::{Letter, Part, Recipient};
//! # fn link() -> String { "https://heures.example.org/s/cdm_1_x".to_owned() }
//! let letter = Letter {
//!     // The same id each time the same thing is told to the same person; random where it is told once.
//!     id: "sign-in-0190c5".to_owned(),
//!     to: Recipient { name: Some("Alice Martin".to_owned()), address: "alice@example.org".to_owned() },
//!     language: Language::French,
//!     subject: "Votre lien pour entrer".to_owned(),
//!     parts: vec![
//!         Part::Text("Voici votre lien pour entrer. Il vaut vingt minutes, une seule fois.".to_owned()),
//!         Part::Button { words: "Entrer".to_owned(), address: link() },
//!         Part::Text("Ou recopiez ce code :".to_owned()),
//!         Part::Code("482 913".to_owned()),
//!     ],
//!     headers: Vec::new(),
//! };
//! // app.postman.send(letter) sends it beside the request, tries again for a few minutes, and keeps nothing.
//! // app.postman.deliver(&letter).await says what became of it.
//! // app.postman.is_set() says whether letters leave at all; app.postman.link("/r/…") makes an address for them.
//! ```
//!
//! Names, minutes and links may stand in letters, nothing more personal; no picture, nothing that tells us who opened one.

pub mod letter;
pub mod transport;
pub mod postman;

pub use letter::{Letter, Part, Recipient};
pub use postman::Postman;
pub use transport::{NotSent, Route, RouteProblem};
