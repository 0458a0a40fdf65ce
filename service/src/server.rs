//! Listens, serves, and stops: within bounds on connections, headers and time.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::{Router, extract::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use ledger::clock::Clock;
use store::{Store, Writer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tower::ServiceExt as _;

use crate::{
    app::App, clock, config::Config, events, layers::router, operation::logs, route::Face, signing, source::Peer,
};

/// No request has more bytes of headers.
const HEADERS_MOST: usize = 64 * 1024;
/// So long requests under way have to end once the service is told to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// The service, listening but not serving yet.
#[derive(Debug)]
pub struct Server {
    app: App,
    face: Face,
    listener: TcpListener,
}

impl Server {
    /// Takes the address that the configuration names.
    ///
    /// # Errors
    /// When the address is taken or is none.
    pub async fn bind(
        store: Store,
        writer: Writer,
        clock: Arc<dyn Clock>,
        config: Config,
        face: Face,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind(&config.listen).await?;
        let app = App::new(store, writer, clock, config, face.operations());
        Ok(Self { app, face, listener })
    }

    /// The address that it listens on.
    ///
    /// # Errors
    /// When the operating system does not say.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` is done; then lets what is under way end, and takes nothing new.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { app, face, listener } = self;
        let router = router(&app, face);
        let room = Arc::new(Semaphore::new(app.config.connections_most));
        let graceful = GracefulShutdown::new();
        let mut watchers = events::start(&app);
        watchers.push(tokio::spawn(signing::run(app.clone())));
        watchers.push(tokio::spawn(clock::run(app.clone())));
        tokio::pin!(stop);
        loop {
            // Room first: whoever finds none waits in the operating system's queue, which costs nothing here.
            let permit = tokio::select! {
                permit = Arc::clone(&room).acquire_owned() => permit,
                () = &mut stop => break,
            };
            let stream = tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        // Too many open files, or a caller who is gone already.
                        logs::fault(&error.to_string());
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
                () = &mut stop => break,
            };
            let connection = graceful.watch(connection(stream, router.clone(), app.config.arrival_timeout));
            tokio::spawn(async move {
                // A caller who breaks off is no fault of ours.
                let _ = connection.await;
                drop(permit);
            });
        }
        drop(listener);
        logs::event("stopping");
        app.stopping.send_replace(true);
        if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
            logs::fault("requests were still under way when the service stopped");
        }
        for watcher in watchers {
            watcher.abort();
        }
    }
}

fn connection(
    stream: TcpStream,
    router: Router,
    arrival_timeout: Duration,
) -> hyper::server::conn::http1::Connection<
    TokioIo<TcpStream>,
    impl hyper::service::HttpService<Incoming, ResBody = axum::body::Body, Future: Send, Error = Infallible>,
> {
    // Small answers should not wait to be joined by others.
    let _ = stream.set_nodelay(true);
    let peer = stream.peer_addr().ok().map(|address| Peer(address.ip()));
    let service = router.map_request(move |mut request: Request<Incoming>| {
        if let Some(peer) = peer {
            request.extensions_mut().insert(peer);
        }
        request.map(axum::body::Body::new)
    });
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(arrival_timeout)
        .max_buf_size(HEADERS_MOST)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
}
