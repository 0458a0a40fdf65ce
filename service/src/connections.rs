//! Which connections there are, and who goes when there is no room for another.
//!
//! Most of the room is everybody's. A reserve is kept beside it: a connection that finds no room comes in there all the
//! same, and is asked what it wants. Whether the process lives is answered, and so are operators; anybody else is told to
//! come again. A connection with no request under way (silent, slow to ask, or between two requests) makes room for the
//! next one, so that only requests that are being answered can fill the room.

use std::collections::HashMap;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::{
    operation::{count::one_less, moment::instant},
    source::site,
};

/// So many connections there are beside everybody's.
const RESERVE: usize = 64;
/// So long a connection stays there.
const RESERVE_PATIENCE: Duration = Duration::from_secs(2);
/// So long a connection that has just come, or just had its answer, has to ask before it is broken off: what it sent may
/// be here and not be read yet.
const MOMENT: Duration = Duration::from_millis(50);
/// Says of a connection that a request is under way.
const BUSY: u64 = u64::MAX;

/// Marks the request of a connection for which there was no room.
#[derive(Debug, Clone, Copy)]
pub struct Crowded;

/// The connections of one address that is listened on.
#[derive(Debug)]
pub(crate) struct Connections {
    room: Arc<Semaphore>,
    reserve: Arc<Semaphore>,
    most: usize,
    /// How many one caller's address may have; 0 for as many as it likes.
    peer_most: usize,
    open: Mutex<Open>,
    began: Instant,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    connections: HashMap<u64, Arc<Connection>>,
    peers: HashMap<IpAddr, usize>,
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Connection {
    peer: IpAddr,
    is_in_reserve: AtomicBool,
    place: Mutex<OwnedSemaphorePermit>,
    /// Since when no request is under way, in ms; or [`BUSY`].
    idle_since: AtomicU64,
    is_told_to_leave: AtomicBool,
    leave: Notify,
}

/// A connection that is open as long as this is kept.
#[derive(Debug)]
pub(crate) struct Guest {
    number: u64,
    connections: Arc<Connections>,
    connection: Arc<Connection>,
}

impl Connections {
    /// Room for so many connections, and for so many from one address.
    pub(crate) fn new(most: usize, peer_most: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(most)),
            reserve: Arc::new(Semaphore::new(RESERVE)),
            most,
            peer_most,
            open: Mutex::default(),
            began: instant(),
        }
    }

    /// Finds a place for a connection from there. Where all are taken, in the reserve too, it waits for one.
    pub(crate) async fn let_in(self: &Arc<Self>, peer: IpAddr) -> Option<Guest> {
        let peer = site(peer);
        if self.may_come(peer, 1)
            && let Ok(place) = Arc::clone(&self.room).try_acquire_owned()
        {
            return Some(self.enter(peer, place, false));
        }
        if self.may_come(peer, 1) {
            self.make_room(|connection| !connection.is_in_reserve());
        } else {
            self.make_room(|connection| connection.peer == peer);
        }
        // Nobody stays there for long, and so nobody waits long for a place there.
        let place = match Arc::clone(&self.reserve).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => {
                self.make_room(Connection::is_in_reserve);
                Arc::clone(&self.reserve).acquire_owned().await.ok()?
            }
        };
        Some(self.enter(peer, place, true))
    }

    /// Waits until there are none.
    pub(crate) async fn emptied(&self) {
        for (room, most) in [(&self.room, self.most), (&self.reserve, RESERVE)] {
            // Nobody closes these.
            let _ = room.acquire_many(u32::try_from(most).unwrap_or(u32::MAX)).await;
        }
    }

    fn enter(self: &Arc<Self>, peer: IpAddr, place: OwnedSemaphorePermit, is_in_reserve: bool) -> Guest {
        let connection = Arc::new(Connection {
            peer,
            is_in_reserve: AtomicBool::new(is_in_reserve),
            place: Mutex::new(place),
            idle_since: AtomicU64::new(self.now()),
            is_told_to_leave: AtomicBool::new(false),
            leave: Notify::new(),
        });
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let number = open.next;
        open.next += 1;
        open.connections.insert(number, Arc::clone(&connection));
        *open.peers.entry(peer).or_default() += 1;
        Guest { number, connections: Arc::clone(self), connection }
    }

    /// Whether so many more connections may come from there. A proxy on this machine has as many as it likes.
    fn may_come(&self, peer: IpAddr, more: usize) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.peers.get(&peer).copied().unwrap_or_default();
        self.peer_most == 0 || peer.is_loopback() || count + more <= self.peer_most
    }

    /// Tells the one of these that has been idle for longest to leave, if there is one.
    pub(crate) fn make_room(&self, is_meant: impl Fn(&Connection) -> bool) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = open.connections.iter().filter(|(_, connection)| {
            is_meant(connection) && connection.is_idle() && !connection.is_told_to_leave.load(Relaxed)
        });
        let longest = idle.min_by_key(|(number, connection)| (connection.idle_since.load(Relaxed), **number));
        if let Some((_, longest)) = longest {
            longest.is_told_to_leave.store(true, Relaxed);
            longest.leave.notify_one();
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(BUSY - 1)
    }
}

impl Connection {
    fn is_in_reserve(&self) -> bool {
        self.is_in_reserve.load(Relaxed)
    }

    /// No request is under way.
    fn is_idle(&self) -> bool {
        self.idle_since.load(Relaxed) != BUSY
    }
}

impl Guest {
    /// Waits until another connection needs the room, and this one has had a moment to ask. Whether it may be broken off
    /// then is given back.
    pub(crate) async fn told_to_leave(&self) -> bool {
        self.connection.leave.notified().await;
        if self.connection.is_idle() {
            let idle = self.connections.now().saturating_sub(self.connection.idle_since.load(Relaxed));
            tokio::time::sleep(MOMENT.saturating_sub(Duration::from_millis(idle))).await;
        }
        self.connection.is_idle()
    }

    /// Waits until it has been in the reserve for too long; for ever where it has a place in the room.
    pub(crate) async fn overstays(&self) {
        tokio::time::sleep(RESERVE_PATIENCE).await;
        if !self.connection.is_in_reserve() {
            std::future::pending::<()>().await;
        }
    }

    /// What notes that an answer is being taken.
    pub(crate) fn pulse(&self) -> Pulse {
        Pulse { connections: Arc::clone(&self.connections), connection: Arc::clone(&self.connection) }
    }

    /// A request begins; whether there is room for it by now.
    pub(crate) fn begin(&self) -> (UnderWay, bool) {
        self.connection.idle_since.store(BUSY, Relaxed);
        (UnderWay(self.pulse()), self.has_room())
    }

    fn has_room(&self) -> bool {
        if !self.connection.is_in_reserve() {
            return true;
        }
        if !self.connections.may_come(self.connection.peer, 0) {
            return false;
        }
        let Ok(place) = Arc::clone(&self.connections.room).try_acquire_owned() else { return false };
        // The place in the reserve is given back.
        *self.connection.place.lock().unwrap_or_else(PoisonError::into_inner) = place;
        self.connection.is_in_reserve.store(false, Relaxed);
        true
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.connections.remove(&self.number);
        one_less(&mut open.peers, &self.connection.peer);
    }
}

/// Notes that an answer is being taken: whoever takes it is not idle, though the last of it was handed over long ago.
#[derive(Debug)]
pub(crate) struct Pulse {
    connections: Arc<Connections>,
    connection: Arc<Connection>,
}

impl Pulse {
    pub(crate) fn beat(&self) {
        if self.connection.is_idle() {
            self.connection.idle_since.store(self.connections.now(), Relaxed);
        }
    }
}

/// A request that is under way until its answer has been handed over, or given up.
#[derive(Debug)]
pub(crate) struct UnderWay(Pulse);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let Pulse { connections, connection } = &self.0;
        connection.idle_since.store(connections.now(), Relaxed);
    }
}

/// The body of an answer, until the end of which its request is under way.
#[derive(Debug)]
pub(crate) struct Answering {
    pub(crate) body: Body,
    pub(crate) _under_way: UnderWay,
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    async fn come(connections: &Arc<Connections>, from: &str) -> Guest {
        connections.let_in(address(from)).await.unwrap()
    }

    fn is_told(guest: &Guest) -> bool {
        guest.connection.is_told_to_leave.load(Relaxed)
    }

    #[tokio::test]
    async fn whoever_asks_nothing_makes_room() {
        let connections = Arc::new(Connections::new(2, 0));
        let silent = come(&connections, "192.0.2.1").await;
        let asking = come(&connections, "192.0.2.2").await;
        let (under_way, has_room) = asking.begin();
        assert!(has_room);
        let next = come(&connections, "192.0.2.3").await;
        assert!(is_told(&silent) && !is_told(&asking) && silent.told_to_leave().await);
        drop(silent);
        let (_next, has_room) = next.begin();
        assert!(has_room && !next.connection.is_in_reserve(), "it has the room of the one that left");
        assert_eq!(connections.reserve.available_permits(), RESERVE);
        // Now that both are busy, the next one is told so, until one of them has its answer and leaves.
        let crowded = come(&connections, "192.0.2.4").await;
        assert!(!crowded.begin().1 && !is_told(&asking));
        drop(under_way);
        drop(come(&connections, "192.0.2.5").await);
        assert!(is_told(&asking));
    }

    #[tokio::test]
    async fn the_reserve_turns_over_too() {
        let connections = Arc::new(Connections::new(1, 0));
        let busy = come(&connections, "192.0.2.1").await;
        let _under_way = busy.begin();
        let mut silent = Vec::new();
        for _ in 0..RESERVE {
            silent.push(come(&connections, "192.0.2.2").await);
        }
        let (mut next, mut first) = (Box::pin(come(&connections, "192.0.2.3")), silent.remove(0));
        tokio::select! {
            biased;
            _ = &mut next => panic!("there is no place yet"),
            may_break_off = first.told_to_leave() => assert!(may_break_off),
        }
        drop(first);
        assert!(!next.await.begin().1);
        first = silent.remove(0);
        assert!(!is_told(&first));
    }

    #[tokio::test]
    async fn whoever_has_just_come_has_a_moment_to_ask() {
        let connections = Arc::new(Connections::new(1, 0));
        let first = come(&connections, "192.0.2.1").await;
        drop(come(&connections, "192.0.2.2").await);
        assert!(is_told(&first));
        let mut told = Box::pin(first.told_to_leave());
        tokio::select! {
            biased;
            _ = &mut told => panic!("what it sent may not have been read yet"),
            () = std::future::ready(()) => {}
        }
        let _under_way = first.begin();
        assert!(!told.await, "it is let go once it has its answer");
    }

    #[tokio::test]
    async fn one_address_has_its_share_and_the_proxy_on_this_machine_all() {
        let connections = Arc::new(Connections::new(10, 2));
        let own = [come(&connections, "2001:db8::1").await, come(&connections, "2001:db8::2").await];
        let requests = own.each_ref().map(Guest::begin);
        let third = come(&connections, "2001:db8::ffff").await;
        assert!(!third.begin().1);
        assert!(come(&connections, "2001:db8:0:1::1").await.begin().1, "another network is another caller");
        drop(requests);
        drop(own);
        assert!(third.begin().1);
        let mut proxied = Vec::new();
        for _ in 0..5 {
            proxied.push(come(&connections, "127.0.0.1").await);
        }
        assert!(proxied.iter().all(|guest| guest.begin().1));
    }
}
