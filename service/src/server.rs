//! Listens, serves, and stops: within bounds on connections, headers and time.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderValue, Response, header},
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use ledger::clock::Clock;
use store::{Store, Writer};
use tokio::net::{TcpListener, TcpSocket, TcpStream, lookup_host};
use tower::ServiceExt as _;

use crate::{
    app::App,
    clock,
    config::Config,
    connections::{Answering, Connections, Crowded, Guest},
    events, forgetting,
    layers::router,
    mailer, open_files,
    operation::logs,
    place::Place,
    route::Face,
    settling, signing,
    socket::Socket,
    source::Peer,
};

/// No request has more bytes of headers.
const HEADERS_MOST: usize = 32 * 1024;
/// So much of an answer waits in the operating system for a caller who does not take it, in bytes.
const SEND_BUFFER: u32 = 128 * 1024;
/// So many connections wait there to be accepted.
const BACKLOG: u32 = 1_024;
/// So many connections there are at the operators' own address.
const OPERATORS_CONNECTIONS_MOST: usize = 64;
/// So long requests under way have to end once the service is told to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// The service, listening but not serving yet.
#[derive(Debug)]
pub struct Server {
    app: App,
    faces: Vec<Face>,
    everybodys: Entrance,
    operators: Option<Entrance>,
}

/// An address that is listened on, and who is in.
#[derive(Debug)]
struct Entrance {
    listener: TcpListener,
    connections: Arc<Connections>,
}

impl Server {
    /// Takes the addresses that the configuration names.
    ///
    /// # Errors
    /// When an address is taken or is none; which one, and why.
    pub async fn bind(
        store: Store,
        writer: Writer,
        clock: Arc<dyn Clock>,
        mut config: Config,
        faces: Vec<Face>,
    ) -> Result<Self, (String, io::Error)> {
        let wanted = config.connections_most;
        config.connections_most = open_files::connections_most(wanted);
        if config.connections_most < wanted {
            let most = config.connections_most;
            logs::event(&format!("{most} connections at most, not {wanted}: the process may have no more files open"));
        }
        let everybodys = Connections::new(config.connections_most, config.peer_connections_most);
        let everybodys = Entrance::at(&config.listen, everybodys).await?;
        let operators = match &config.health_listen {
            None => None,
            // Whoever may come there is said by whoever chose the address.
            Some(listen) => Some(Entrance::at(listen, Connections::new(OPERATORS_CONNECTIONS_MOST, 0)).await?),
        };
        let app = App::new(store, writer, clock, config, faces.iter().flat_map(Face::operations).collect());
        Ok(Self { app, faces, everybodys, operators })
    }

    /// The address that it listens on.
    ///
    /// # Errors
    /// When the operating system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.everybodys.listener.local_addr()
    }

    /// The operators' own address, if there is one.
    ///
    /// # Errors
    /// When the operating system does not say.
    pub fn operators_address(&self) -> io::Result<Option<SocketAddr>> {
        self.operators.as_ref().map(|entrance| entrance.listener.local_addr()).transpose()
    }

    /// Serves until `stop` is done; then lets what is under way end, and takes nothing new.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { app, faces, everybodys, operators } = self;
        let router = router(&app, faces);
        let mut watchers = events::start(&app);
        watchers.push(tokio::spawn(signing::run(app.clone())));
        watchers.push(tokio::spawn(clock::run(app.clone())));
        watchers.push(tokio::spawn(settling::run(app.clone())));
        watchers.push(tokio::spawn(forgetting::run(app.clone())));
        watchers.push(tokio::spawn(mailer::run(app.clone())));
        let mut drained = Vec::new();
        for Entrance { listener, connections } in [everybodys].into_iter().chain(operators) {
            drained.push(Arc::clone(&connections));
            tokio::spawn(let_in(listener, connections, router.clone(), app.clone()));
        }
        stop.await;
        logs::event("stopping");
        app.stopping.send_replace(true);
        let all = async {
            for connections in drained {
                connections.emptied().await;
            }
        };
        if tokio::time::timeout(DRAIN, all).await.is_err() {
            logs::fault("requests were still under way when the service stopped");
        }
        for watcher in watchers {
            watcher.abort();
        }
    }
}

impl Entrance {
    async fn at(listen: &str, connections: Connections) -> Result<Self, (String, io::Error)> {
        let listener = listen_on(listen).await.map_err(|error| (listen.to_owned(), error))?;
        Ok(Self { listener, connections: Arc::new(connections) })
    }
}

async fn listen_on(listen: &str) -> io::Result<TcpListener> {
    let mut tried = None;
    for address in lookup_host(listen).await? {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A service that is started again finds its own address free. Connections inherit the buffer's size.
        socket.set_reuseaddr(true)?;
        socket.set_send_buffer_size(SEND_BUFFER)?;
        match socket.bind(address).and_then(|()| socket.listen(BACKLOG)) {
            Ok(listener) => return Ok(listener),
            Err(error) => tried = Some(error),
        }
    }
    Err(tried.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into()))
}

/// Lets connections in until the service stops.
async fn let_in(listener: TcpListener, connections: Arc<Connections>, router: Router, app: App) {
    let mut stopping = app.stopping.subscribe();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.wait_for(|is_stopping| *is_stopping) => return,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Too many open files, or a caller who is gone already.
                logs::fault(&error.to_string());
                connections.make_room(|_| true);
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let guest = tokio::select! {
            guest = connections.let_in(peer.ip()) => guest,
            _ = stopping.wait_for(|is_stopping| *is_stopping) => return,
        };
        if let Some(guest) = guest {
            tokio::spawn(serve(stream, guest, router.clone(), app.clone()));
        }
    }
}

/// Serves a connection until it ends, or has to make room for another.
async fn serve(stream: TcpStream, guest: Guest, router: Router, app: App) {
    // Small answers should not wait to be joined by others.
    let _ = stream.set_nodelay(true);
    let mut stopping = app.stopping.subscribe();
    let peer = stream.peer_addr().ok().map(|address| Peer(address.ip()));
    let service = service_fn(|request| answer(request, peer, &guest, &router, &app));
    let mut connection = std::pin::pin!(
        hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(app.config.arrival_timeout)
            .max_buf_size(HEADERS_MOST)
            .serve_connection(TokioIo::new(Socket::new(stream, guest.pulse(), app.config.write_timeout)), service)
    );
    let mut overstays = std::pin::pin!(guest.overstays());
    let mut is_ending = false;
    while !is_ending {
        tokio::select! {
            // What has come is read before it is asked whether anything had.
            biased;
            // A caller who breaks off is no fault of ours.
            _ = connection.as_mut() => return,
            () = overstays.as_mut() => return,
            may_break_off = guest.told_to_leave() => {
                if may_break_off {
                    return;
                }
            }
            _ = stopping.wait_for(|is_stopping| *is_stopping) => {}
        }
        is_ending = true;
        connection.as_mut().graceful_shutdown();
    }
    let _ = connection.await;
}

async fn answer(
    request: Request<Incoming>,
    peer: Option<Peer>,
    guest: &Guest,
    router: &Router,
    app: &App,
) -> Result<Response<Answering>, Infallible> {
    let (under_way, has_room) = guest.begin();
    let mut request = request.map(Body::new);
    let place = Place::find(&mut request);
    request.extensions_mut().insert(place);
    if let Some(peer) = peer {
        request.extensions_mut().insert(peer);
    }
    if !has_room {
        app.metrics.turned_away();
        request.extensions_mut().insert(Crowded);
    }
    let mut response = router.clone().oneshot(request).await?;
    if !has_room {
        // Whoever comes next needs the place.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| Answering { body, _under_way: under_way }))
}
