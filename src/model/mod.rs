//! Plain data in the field's terms, with parsing, comparing and printing. No I/O, no service.

mod byte_size;
mod certificate_subject;
mod certificate_url;
mod given;
mod joined;
mod moment;
mod nearest;
mod placeholder;
mod proxy_address;
mod record;
mod trouble;
mod united;

pub use byte_size::ByteSize;
pub use certificate_subject::check_certificate_subject;
pub use certificate_url::CertificateUrl;
pub use given::Arguments;
pub use given::Given;
pub use joined::join_list;
pub use joined::split_list;
pub use moment::moment;
pub use nearest::did_you_mean;
pub use nearest::nearest;
pub use placeholder::asks_for_placeholder;
pub use placeholder::is_placeholder;
pub use proxy_address::ProxyAddress;
pub use proxy_address::domain_of;
pub use proxy_address::local_part_of;
pub use proxy_address::same_text;
pub use proxy_address::without_prefix;
pub use record::KeyCache;
pub use record::Record;
pub use trouble::Kind;
pub use trouble::Trouble;
pub use united::united_addresses;
