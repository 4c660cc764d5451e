//! The server's connections: accepting, reading and answering, misbehaviour included. It decides nothing about answers.

use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use http_body_util::channel::Channel;
use http_body_util::{BodyExt, Either, Full};
use hyper::StatusCode;
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, SemaphorePermit, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::message::{BODY_LIMIT, Body, BodyPermit, Handler, Request, Responder, Response};

/// All bodies together, from before they are read until their permit is dropped.
const BUDGET: usize = 16 * 1024 * 1024;
/// So much of it at most is taken by bodies of one address that have not come whole: others keep their part.
const PEER_BUDGET: usize = 10 * 1024 * 1024;
/// A body of this length needs nothing of it: there are no more of them than connections. Most notifications are smaller.
const SMALL_BODY: usize = 4 * 1024;
/// How much is read and thrown away after an early answer, and for how long, so that the sender lives to see it.
const LINGER_LIMIT: usize = 32 * 1024 * 1024;
const LINGER_TIMEOUT: Duration = Duration::from_secs(2);
const CONNECTION_LIMIT: usize = 1024;
/// So many connections from one address.
const PEER_LIMIT: usize = 64;
/// The same for this machine, where a proxy may stand before this.
pub(super) const LOOPBACK_LIMIT: usize = 512;
/// Of a head, and of what a connection has read of a body before it is taken. Tomcat takes no more by default.
const HEAD_LIMIT: usize = 8 * 1024;
/// How long a body waits for its part of the budget before it is asked for.
const BUDGET_TIMEOUT: Duration = Duration::from_secs(10);
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

type Outgoing = Either<Full<Bytes>, Channel<Bytes>>;

/// What the connections of one address share.
struct Shared {
    handler: Arc<dyn Handler>,
    budget: Arc<Semaphore>,
    /// What one address may hold of it while a body comes.
    peer_budget: Arc<Semaphore>,
}

/// Serves connections until it is told to stop or the socket fails, and then lets those under way finish for a while.
pub(super) async fn accept(
    listener: tokio::net::TcpListener,
    handler: Arc<dyn Handler>,
    mut stopped: watch::Receiver<()>,
) {
    let budget = Arc::new(Semaphore::new(BUDGET));
    let mut connections = JoinSet::new();
    let mut peers = HashMap::<tokio::task::Id, IpAddr>::new();
    let mut budgets = HashMap::<IpAddr, Weak<Semaphore>>::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept(), if connections.len() < CONNECTION_LIMIT => accepted,
            Some(ended) = connections.join_next_with_id() => {
                // One that panicked no longer counts either.
                peers.remove(&ended.map_or_else(|error| error.id(), |(id, ())| id));
                continue;
            }
            _ = stopped.changed() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            // The socket no longer listens, and never will again.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => break,
            // Any other error (too many open files, a reset before accept) concerns one connection or passes.
            Err(_) => {
                sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        let address = peer.ip().to_canonical();
        let limit = if address.is_loopback() {
            LOOPBACK_LIMIT
        } else {
            PEER_LIMIT
        };
        if peers.values().filter(|held| **held == address).count() >= limit {
            continue;
        }
        stream.set_nodelay(true).ok();
        budgets.retain(|_, budget| budget.strong_count() > 0);
        let known = budgets.get(&address).and_then(Weak::upgrade);
        let peer_budget = known.unwrap_or_else(|| Arc::new(Semaphore::new(PEER_BUDGET)));
        budgets.insert(address, Arc::downgrade(&peer_budget));
        let shared = Arc::new(Shared {
            handler: Arc::clone(&handler),
            budget: Arc::clone(&budget),
            peer_budget,
        });
        let task = connections.spawn(connection(stream, peer, shared, stopped.clone()));
        peers.insert(task.id(), address);
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    timeout(STOP_TIMEOUT, all).await.ok();
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    shared: Arc<Shared>,
    mut stopped: watch::Receiver<()>,
) {
    let is_early = Arc::new(AtomicBool::new(false));
    let early = Arc::clone(&is_early);
    let head_timeout = shared.handler.head_timeout();
    let service = hyper::service::service_fn(move |request| {
        Box::pin(answer(
            request,
            peer,
            Arc::clone(&shared),
            Arc::clone(&early),
        ))
    });
    let mut http = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_timeout)
        .max_buf_size(HEAD_LIMIT)
        // A sender that closes its side after the request still gets its answer.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    let served = tokio::select! {
        served = poll_fn(|cx| http.poll_without_shutdown(cx)) => served,
        _ = stopped.changed() => {
            Pin::new(&mut http).graceful_shutdown();
            poll_fn(|cx| http.poll_without_shutdown(cx)).await
        }
    };
    let mut stream = http.into_parts().io.into_inner();
    let source = served.as_ref().err().and_then(std::error::Error::source);
    match source.and_then(|error| error.downcast_ref()) {
        Some(Abandoned(Some(bytes))) => {
            stream.write_all(bytes).await.ok();
        }
        // Boxed, so that its buffer is no part of every connection.
        Some(Abandoned(None)) => Box::pin(drain(&mut stream, usize::MAX)).await,
        // A head that is no head or too long is answered while more of it may come.
        None if served.is_err() => is_early.store(true, Ordering::Relaxed),
        None => {}
    }
    stream.shutdown().await.ok();
    if is_early.load(Ordering::Relaxed) {
        // Closed with something unread, a connection loses the answer that is on its way.
        let away = Box::pin(drain(&mut stream, LINGER_LIMIT));
        timeout(LINGER_TIMEOUT, away).await.ok();
    }
}

/// Reads and throws away, until the other side closes or the limit is reached.
async fn drain(stream: &mut TcpStream, limit: usize) {
    let (mut buffer, mut total) = ([0; 4096], 0_usize);
    while let Ok(count) = stream.read(&mut buffer).await {
        total = total.saturating_add(count);
        if count == 0 || total > limit {
            return;
        }
    }
}

/// Ends a connection without an HTTP answer: after these bytes, or when the client gives up.
#[derive(Debug, thiserror::Error)]
#[error("the connection was abandoned on purpose")]
struct Abandoned(Option<Vec<u8>>);

async fn answer(
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    shared: Arc<Shared>,
    is_early: Arc<AtomicBool>,
) -> Result<hyper::Response<Outgoing>, Abandoned> {
    let (head, body) = request.into_parts();
    let mut request = request_of(&head, peer);
    // It shares its bytes with what the connection has read.
    drop(head);
    let early = |response: Response| {
        is_early.store(true, Ordering::Relaxed);
        response.with("connection", "close")
    };
    let response = if let Some(refusal) = shared.handler.refuse(&request) {
        early(refusal)
    } else {
        match read_body(body, &shared).await {
            Err(status) => early(text(status)),
            Ok((bytes, permit)) => {
                request.body = bytes;
                let (sender, receiver) = oneshot::channel();
                shared.handler.handle(request, Responder(sender, permit));
                receiver.await.unwrap_or_else(|_| text(500))
            }
        }
    };
    into_hyper(response)
}

fn into_hyper(response: Response) -> Result<hyper::Response<Outgoing>, Abandoned> {
    let body = match response.body {
        Body::Bytes(bytes) => Either::Left(Full::from(bytes)),
        Body::Pieces(pieces, pause) => {
            let (mut sender, body) = Channel::new(1);
            tokio::spawn(async move {
                for piece in pieces {
                    sleep(pause).await;
                    if sender.send_data(Bytes::from(piece)).await.is_err() {
                        break;
                    }
                }
            });
            Either::Right(body)
        }
        Body::Hang => return Err(Abandoned(None)),
        Body::Drop => return Err(Abandoned(Some(Vec::new()))),
        Body::Raw(bytes) => return Err(Abandoned(Some(bytes))),
    };
    let mut http = hyper::Response::new(body);
    *http.status_mut() =
        StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers {
        if let Ok(value) = HeaderValue::from_str(&value)
            && let Ok(name) = HeaderName::from_bytes(name.as_bytes())
        {
            http.headers_mut().append(name, value);
        }
    }
    Ok(http)
}

fn text(status: u16) -> Response {
    let why = match status {
        400 => "the body could not be read\n",
        408 => "the body took too long to arrive\n",
        413 => "a body may have at most 1 MiB\n",
        503 => "too much is being received at the moment\n",
        // No handler has answered.
        _ => "internal error\n",
    };
    Response::new(status, "text/plain; charset=utf-8", why)
}

fn request_of(head: &hyper::http::request::Parts, peer: SocketAddr) -> Request {
    let headers = head.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: headers.collect(),
        body: Vec::new(),
        peer,
    }
}

/// Reads a body whole, within the budget; or says with which status to refuse it.
async fn read_body(mut body: Incoming, shared: &Shared) -> Result<(Vec<u8>, BodyPermit), u16> {
    let length = match body.size_hint().exact() {
        Some(length) => usize::try_from(length).unwrap_or(usize::MAX),
        None => BODY_LIMIT,
    };
    if length > BODY_LIMIT {
        return Err(413);
    }
    // The whole of it at once: bodies that wait for each other's last part would never come to an end.
    let part = timeout(BUDGET_TIMEOUT, part_of_budget(length, shared));
    let (of_peer, mut permit) = part.await.map_err(|_| 503_u16)?;
    let bytes = timeout(BODY_TIMEOUT, read_frames(&mut body, length));
    let bytes = bytes.await.unwrap_or(Err(408))?;
    drop(of_peer);
    // A body that did not say its length gives back what it did not need.
    drop(
        permit
            .as_mut()
            .and_then(|permit| permit.split(length - bytes.len())),
    );
    Ok((bytes, permit))
}

/// Waits for room for a body, among those of its address and among all.
async fn part_of_budget(
    length: usize,
    shared: &Shared,
) -> (Option<SemaphorePermit<'_>>, BodyPermit) {
    let count = u32::try_from(length).unwrap_or(u32::MAX);
    if length <= SMALL_BODY {
        return (None, None);
    }
    // Neither is ever closed.
    let of_peer = shared.peer_budget.acquire_many(count).await.ok();
    let of_all = Arc::clone(&shared.budget).acquire_many_owned(count);
    (of_peer, of_all.await.ok())
}

async fn read_frames(body: &mut Incoming, length: usize) -> Result<Vec<u8>, u16> {
    // Memory that nothing is written to costs nothing.
    let mut bytes = Vec::with_capacity(length);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| 400_u16)?.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > length {
            return Err(413);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}
