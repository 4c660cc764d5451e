//! The server's connections: accepting, reading and answering, misbehaviour included. It decides nothing about answers.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, Bytes, Frame, Incoming, SizeHint};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Sleep, sleep, timeout};

use super::{BODY_LIMIT, Body, Handler, Request, Responder, Response};

/// How much of an oversized body is read and thrown away, so that the sender lives to see the 413.
const DRAIN_LIMIT: usize = 32 * 1024 * 1024;
const CONNECTION_LIMIT: usize = 1024;
const READ_TIMEOUT: Duration = Duration::from_secs(30);
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// Serves connections until it is told to stop or the socket fails, and then lets those under way finish for a while.
pub(super) async fn accept(
    listener: tokio::net::TcpListener,
    handler: Arc<Handler>,
    mut stopped: watch::Receiver<()>,
) {
    let places = Arc::new(Semaphore::new(CONNECTION_LIMIT));
    let mut connections = JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            break;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => break,
        };
        while connections.try_join_next().is_some() {}
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
        stream.set_nodelay(true).ok();
        let (handler, stopped) = (Arc::clone(&handler), stopped.clone());
        connections.spawn(async move {
            connection(stream, peer, handler, stopped).await;
            drop(place);
        });
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    timeout(STOP_TIMEOUT, all).await.ok();
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    handler: Arc<Handler>,
    mut stopped: watch::Receiver<()>,
) {
    let service = hyper::service::service_fn(move |request| {
        Box::pin(exchange(request, peer, Arc::clone(&handler)))
    });
    let mut http = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(READ_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    let served = tokio::select! {
        served = poll_fn(|cx| http.poll_without_shutdown(cx)) => served,
        _ = stopped.changed() => {
            Pin::new(&mut http).graceful_shutdown();
            poll_fn(|cx| http.poll_without_shutdown(cx)).await
        }
    };
    let mut stream = http.into_parts().io.into_inner();
    if let Err(error) = served
        && let Some(Abandon(bytes)) =
            std::error::Error::source(&error).and_then(|e| e.downcast_ref())
    {
        stream.write_all(bytes).await.ok();
    }
    stream.shutdown().await.ok();
}

/// Ends a connection without an HTTP answer, after these raw bytes.
#[derive(Debug)]
struct Abandon(Vec<u8>);

impl std::fmt::Display for Abandon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection was abandoned on purpose")
    }
}

impl std::error::Error for Abandon {}

async fn exchange(
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    handler: Arc<Handler>,
) -> Result<hyper::Response<Outgoing>, Abandon> {
    let response = match read(request, peer).await {
        Err(status) => {
            let mut response = Response::new(status, "text/plain; charset=utf-8", reason(status));
            response.headers.push(("connection", "close".to_owned()));
            response
        }
        Ok(request) => {
            let (sender, receiver) = oneshot::channel();
            handler(request, Responder(sender));
            receiver
                .await
                .unwrap_or_else(|_| Response::new(500, "text/plain; charset=utf-8", reason(500)))
        }
    };
    let body = match response.body {
        Body::Bytes(bytes) => Outgoing::Bytes(Some(Bytes::from(bytes))),
        Body::Pieces(pieces, pause) => Outgoing::Pieces(pieces, pause, None),
        Body::Hang => std::future::pending().await,
        Body::Drop => return Err(Abandon(Vec::new())),
        Body::Raw(bytes) => return Err(Abandon(bytes)),
    };
    let mut http = hyper::Response::new(body);
    *http.status_mut() = hyper::StatusCode::from_u16(response.status)
        .unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers {
        if let Ok(value) = hyper::header::HeaderValue::from_str(&value)
            && let Ok(name) = hyper::header::HeaderName::from_bytes(name.as_bytes())
        {
            http.headers_mut().append(name, value);
        }
    }
    Ok(http)
}

fn reason(status: u16) -> &'static str {
    match status {
        400 => "the body could not be read\n",
        408 => "the body took too long to arrive\n",
        413 => "a body may have at most 1 MiB\n",
        _ => "internal error\n",
    }
}

/// Reads a request whole, or says with which status to refuse it.
async fn read(request: hyper::Request<Incoming>, peer: SocketAddr) -> Result<Request, u16> {
    let (head, body) = request.into_parts();
    let body = timeout(READ_TIMEOUT, collect(body))
        .await
        .map_err(|_| 408_u16)??;
    let headers = head.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    Ok(Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: headers.collect(),
        body,
        peer,
    })
}

async fn collect(mut body: Incoming) -> Result<Vec<u8>, u16> {
    if body.size_hint().lower() > (BODY_LIMIT + DRAIN_LIMIT) as u64 {
        return Err(413);
    }
    let mut bytes = Vec::new();
    let mut total = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| 400_u16)?.into_data() else {
            continue;
        };
        total += data.len();
        if total <= BODY_LIMIT {
            bytes.extend_from_slice(&data);
        } else if total > BODY_LIMIT + DRAIN_LIMIT {
            break;
        }
    }
    if total > BODY_LIMIT {
        Err(413)
    } else {
        Ok(bytes)
    }
}

/// A response body on its way out.
enum Outgoing {
    Bytes(Option<Bytes>),
    Pieces(
        Box<dyn Iterator<Item = Vec<u8>> + Send>,
        Duration,
        Option<Pin<Box<Sleep>>>,
    ),
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Bytes(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Pieces(pieces, pause, waiting) => {
                if !pause.is_zero() {
                    let nap = waiting.get_or_insert_with(|| Box::pin(sleep(*pause)));
                    std::task::ready!(nap.as_mut().poll(cx));
                    *waiting = None;
                }
                Poll::Ready(
                    pieces
                        .next()
                        .map(|piece| Ok(Frame::data(Bytes::from(piece)))),
                )
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Bytes(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Bytes(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64))
            }
            Self::Pieces(..) => SizeHint::default(),
        }
    }
}
