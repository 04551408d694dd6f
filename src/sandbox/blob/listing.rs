//! Containers and blobs as storage lists them, and a blob as it hands it out.

use jiff::Timestamp;
use quick_xml::escape::escape;

use super::CONTAINER;
use super::fault::Fault;
use super::log;
use super::log::Blob;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;

const MOST: usize = 5000;

/// `GET /?comp=list`
pub fn containers(tx: &Tx<'_>, account: &Object, request: &Request) -> Reply {
    let last = log::blobs(tx, account).iter().map(|blob| blob.modified).max();
    let prefix = request.parameter("prefix").unwrap_or_default();
    let shown = last.filter(|_| CONTAINER.starts_with(prefix)).map(|modified| {
        format!(
            "<Container><Name>{CONTAINER}</Name><Properties><Last-Modified>{}</Last-Modified><Etag>\"{}\"</Etag></Properties></Container>",
            date(modified),
            modified.as_millisecond()
        )
    });
    xml(&format!(
        "<EnumerationResults ServiceEndpoint=\"https://{}/\"><Containers>{}</Containers><NextMarker /></EnumerationResults>",
        request.host,
        shown.unwrap_or_default()
    ))
}

/// `GET /{container}?restype=container&comp=list`, by `prefix`, `marker` and `maxresults`.
pub fn blobs(tx: &Tx<'_>, account: &Object, request: &Request, container: &str) -> Result<Reply, Fault> {
    let all = log::blobs(tx, account);
    if container != CONTAINER || all.is_empty() {
        return Err(Fault::new(404, "ContainerNotFound", "The specified container does not exist."));
    }
    let outside = || {
        Fault::new(
            400,
            "OutOfRangeQueryParameterValue",
            "One of the query parameters specified in the request URI is outside the permissible range.",
        )
    };
    let size = match request.parameter("maxresults") {
        None => MOST,
        Some(text) => text.parse().ok().filter(|size| (1..=MOST).contains(size)).ok_or_else(outside)?,
    };
    let prefix = request.parameter("prefix").unwrap_or_default();
    let marker = request.parameter("marker").unwrap_or_default();
    let mut left = all
        .iter()
        .filter(|blob| blob.name.starts_with(prefix) && blob.name.as_str() >= marker)
        .peekable();
    let shown: String = left.by_ref().take(size).map(entry).collect();
    let next = match left.peek() {
        Some(blob) => format!("<NextMarker>{}</NextMarker>", escaped(&blob.name)),
        None => "<NextMarker />".to_owned(),
    };
    Ok(xml(&format!(
        "<EnumerationResults ServiceEndpoint=\"https://{}/\" ContainerName=\"{CONTAINER}\"><Prefix>{}</Prefix><Blobs>{shown}</Blobs>{next}\
         </EnumerationResults>",
        request.host,
        escaped(prefix)
    )))
}

fn entry(blob: &Blob) -> String {
    format!(
        "<Blob><Name>{}</Name><Properties><Creation-Time>{}</Creation-Time><Last-Modified>{}</Last-Modified><Etag>{}</Etag>\
         <Content-Length>{}</Content-Length><Content-Type>application/octet-stream</Content-Type><BlobType>AppendBlob</BlobType>\
         </Properties></Blob>",
        escaped(&blob.name),
        date(blob.created),
        date(blob.modified),
        tag(blob),
        blob.content.len()
    )
}

/// A blob's content.
pub fn content(blob: &Blob) -> Reply {
    let reply = Reply {
        status: 200,
        headers: vec![("content-type".into(), "application/octet-stream".into())],
        body: blob.content.clone().into_bytes(),
        ..Reply::default()
    };
    reply
        .with_header("last-modified", date(blob.modified))
        .with_header("etag", format!("\"{}\"", tag(blob)))
        .with_header("x-ms-blob-type", "AppendBlob")
}

fn tag(blob: &Blob) -> String {
    format!("0x8{:X}", blob.content.len() as i64 + blob.modified.as_millisecond())
}

fn date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Text that may stand in XML.
pub fn escaped(text: &str) -> String {
    escape(text).into_owned()
}

fn xml(inner: &str) -> Reply {
    Reply {
        status: 200,
        headers: vec![("content-type".into(), "application/xml".into())],
        body: format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>{inner}").into_bytes(),
        ..Reply::default()
    }
}
