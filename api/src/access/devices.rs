//! Tokens by which a device is known again that signed in to an account before. They prove nothing but that: whoever shows one
//! is counted apart from strangers when passwords are wrong (docs/decisions/0006).

use shared::domain::hexadecimal::lower_hex;

use super::secrets::{Secrets, random_bytes, same_hash};

const ID_BYTES: usize = 16;
/// The longest token looked at.
const LONGEST: usize = 200;

/// A new token for this account: a random name of the device, and the keyed hash of both.
#[must_use]
pub fn make_token(secrets: &Secrets, account: &str) -> String {
    let device = lower_hex(random_bytes::<ID_BYTES>().as_slice());
    let proof = secrets.device_hash(account, &device);
    format!("{device}.{proof}")
}

/// The device's name, when the token was made for this account.
#[must_use]
pub fn known<'token>(secrets: &Secrets, account: &str, token: &'token str) -> Option<&'token str> {
    let (device, proof) = token.split_once('.').filter(|_| token.len() <= LONGEST)?;
    same_hash(&secrets.device_hash(account, device), proof).then_some(device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_known_to_its_own_account_only() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::open(folder.path()).unwrap();
        let token = make_token(&secrets, "staff:wang.li");
        assert_ne!(token, make_token(&secrets, "staff:wang.li"));
        assert_eq!(known(&secrets, "staff:wang.li", &token), token.split('.').next());
        assert_eq!(known(&secrets, "staff:li.na", &token), None);
        assert_eq!(known(&secrets, "staff:wang.li", &token[1..]), None);
        assert_eq!(known(&secrets, "staff:wang.li", ""), None);
    }
}
