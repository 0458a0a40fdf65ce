//! Mail servers that do what a program should be ready for.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};

/// What a server does with whoever comes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Manner {
    /// It says that it takes nothing.
    Refuses,
    /// It says nothing, for as long as it is let.
    Hangs,
    /// It takes a letter, and breaks off before it says so.
    TakesAndDies,
    /// It takes a letter, says so, and then nothing more.
    TakesAndHangs,
    /// It says what no mail server says.
    TalksNonsense,
}

/// A server that treats one caller after the other in the next manner; the last one is gone on with.
pub(crate) struct BadServer {
    port: u16,
    /// What each caller handed over, letter by letter.
    pub(crate) taken: Receiver<String>,
}

impl BadServer {
    pub(crate) fn start(manners: &'static [Manner]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (hand, taken) = channel();
        std::thread::spawn(move || {
            let last = manners.last().copied().into_iter().cycle();
            for (stream, manner) in listener.incoming().zip(manners.iter().copied().chain(last)) {
                let (Ok(stream), hand) = (stream, hand.clone()) else { return };
                std::thread::spawn(move || treat(stream, manner, &hand));
            }
        });
        Self { port, taken }
    }

    pub(crate) fn way(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }
}

/// Whatever fails here is the caller's having gone.
fn treat(mut stream: TcpStream, manner: Manner, hand: &Sender<String>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let mut say = |line: &str| stream.write_all(format!("{line}\r\n").as_bytes()).ok();
    match manner {
        Manner::Refuses => return say("554 no mail from you"),
        Manner::TalksNonsense => return say("HTTP/1.1 400 Bad Request"),
        Manner::Hangs => {
            while lines.next()?.is_ok() {}
            return None;
        }
        Manner::TakesAndDies | Manner::TakesAndHangs => {}
    }
    say("220 localhost")?;
    loop {
        let line = lines.next()?.ok()?.to_uppercase();
        if line.starts_with("DATA") {
            say("354 go on")?;
            let mut letter = String::new();
            loop {
                let line = lines.next()?.ok()?;
                if line == "." {
                    break;
                }
                letter += &line;
                letter.push('\n');
            }
            hand.send(letter).ok()?;
            if matches!(manner, Manner::TakesAndDies) {
                return None;
            }
            say("250 taken")?;
            while lines.next()?.is_ok() {}
            return None;
        }
        say("250 well")?;
    }
}
