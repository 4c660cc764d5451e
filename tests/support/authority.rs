//! A certificate authority of the tests' own, and servers with certificates from it.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;

use crate::support::server::{Connection, Server, read_request};

/// The host that the tests' servers are reached at.
pub const HOST: &str = "127.0.0.1";

/// Signs certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        Self::named("the tests' own authority")
    }

    pub fn named(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    /// Its own certificate, for those who trust it.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server's side of TLS, with a certificate for this host that is valid in these years.
    pub fn server(&self, host: &str, from: i32, until: i32) -> Arc<ServerConfig> {
        self.certified(host, |params| {
            params.not_before = date_time_ymd(from, 1, 1);
            params.not_after = date_time_ymd(until, 1, 1);
        })
    }

    /// A server's side of TLS, with a certificate for this host that ends in so many days.
    pub fn server_for_days(&self, host: &str, days: u64) -> Arc<ServerConfig> {
        self.certified(host, |params| {
            let end = SystemTime::now() + Duration::from_secs(days * 86_400);
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = end.into();
        })
    }

    fn certified(&self, host: &str, valid: impl Fn(&mut CertificateParams)) -> Arc<ServerConfig> {
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        valid(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into());
        Arc::new(config.unwrap())
    }

    /// A server that everybody who trusts this authority can use; it says these bytes and closes in order.
    pub fn answering(&self, bytes: Vec<u8>) -> Server {
        self.serving(move |mut stream| {
            stream.write_all(&bytes).unwrap();
            stream.conn.send_close_notify();
            // The client may have gone already.
            let _ = stream.flush();
        })
    }

    /// A server that everybody who trusts this authority can use; after a request it does this.
    pub fn serving(&self, act: impl Fn(Tls) + Send + Sync + 'static) -> Server {
        let config = self.server(HOST, 2020, 2100);
        Server::start(move |connection| serve(&connection, &config, &act))
    }
}

/// A connection inside TLS.
pub type Tls = rustls::StreamOwned<rustls::ServerConnection, std::net::TcpStream>;

/// Makes the handshake, keeps a request, and acts.
pub fn serve(connection: &Connection, config: &Arc<ServerConfig>, act: &dyn Fn(Tls)) {
    let session = rustls::ServerConnection::new(Arc::clone(config)).unwrap();
    let socket = connection.stream.try_clone().unwrap();
    let mut stream = Tls::new(session, socket);
    let request = read_request(&mut stream);
    if !request.is_empty() {
        connection.keep(request);
        act(stream);
    }
}
