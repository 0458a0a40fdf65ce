//! The cable between a phone and the service, which a test can pull.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Leads to a service, from an address of its own, until the process ends.
pub(crate) struct Cable {
    pub(crate) address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    is_pulled: bool,
    /// What goes through it.
    streams: Vec<TcpStream>,
}

impl Cable {
    pub(crate) fn to(service: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (service, state) = (service.to_owned(), Arc::<Mutex<State>>::default());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for here in listener.incoming().flatten() {
                // A stream that cannot be led on is dropped, as on a bad line.
                let _ = lead(&here, &service, &shared);
            }
        });
        Self { address, state }
    }

    /// Pulls the cable: nothing comes through, neither what is under way nor what is begun; or puts it back.
    pub(crate) fn pull(&self, is_pulled: bool) {
        let mut state = self.state.lock().unwrap();
        state.is_pulled = is_pulled;
        for stream in state.streams.drain(..) {
            // One that has ended already cannot be broken off.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn lead(here: &TcpStream, service: &str, state: &Mutex<State>) -> io::Result<()> {
    let mut state = state.lock().unwrap();
    if state.is_pulled {
        return here.shutdown(Shutdown::Both);
    }
    let there = TcpStream::connect(service)?;
    for (mut from, mut to) in [(here.try_clone()?, there.try_clone()?), (there.try_clone()?, here.try_clone()?)] {
        thread::spawn(move || {
            // However it ends, the other side is told.
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
    }
    state.streams.extend([here.try_clone()?, there]);
    Ok(())
}
