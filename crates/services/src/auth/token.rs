//! Tokens: the signed access token of ten minutes, and the random refresh token of which only the hash is kept.
//!
//! Invariant: one algorithm and one key of ours. A token that names another key, algorithm, type, issuer or audience is
//! refused before its claims are looked at.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use model::{SessionId, TenantId, UserId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    error::{Error, Result},
    secret::{Keys, Secret, hex, random_token},
};

const ISSUER: &str = "tobit";
const TYPE: &str = "at+jwt";
/// How far clocks of replicas may differ, in seconds.
const LEEWAY_S: u64 = 5;

/// What an access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub sub: UserId,
    pub sid: SessionId,
    pub tenant: TenantId,
    exp: u64,
}

#[derive(Serialize)]
struct Signed<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: u64,
    nbf: u64,
    #[serde(flatten)]
    claims: Claims,
}

/// Signs and reads access tokens.
pub(super) struct Signer {
    kid: String,
    signing: EncodingKey,
    reading: DecodingKey,
    rules: Validation,
}

impl Signer {
    pub fn new(keys: &Keys) -> Self {
        let key = keys.derive("access-token");
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[ISSUER]);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        rules.validate_nbf = true;
        rules.leeway = LEEWAY_S;
        let kid: String = hex(&Sha256::digest(key)).chars().take(8).collect();
        Self { kid, signing: EncodingKey::from_secret(&key), reading: DecodingKey::from_secret(&key), rules }
    }

    /// A token for a session, good for `ttl` from `now` (seconds since 1970).
    pub fn sign(
        &self,
        user: UserId,
        sid: SessionId,
        tenant: TenantId,
        now: u64,
        ttl: Duration,
    ) -> Result<Secret> {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.kid.clone());
        let claims = Claims { sub: user, sid, tenant, exp: now + ttl.as_secs() };
        let body = Signed { iss: ISSUER, aud: ISSUER, iat: now, nbf: now, claims };
        encode(&header, &body, &self.signing)
            .map(Secret::new)
            .map_err(|cause| Error::Internal(format!("an access token cannot be signed: {cause}")))
    }

    /// The claims of a token that is ours and in time.
    pub fn read(&self, token: &str) -> Option<Claims> {
        // Longer than any of ours: not worth a look.
        if token.len() > 2_000 {
            return None;
        }
        let data = decode::<Claims>(token, &self.reading, &self.rules).ok()?;
        let h = data.header;
        let foreign = h.jku.is_some() || h.jwk.is_some() || h.x5u.is_some() || h.x5c.is_some();
        let ours = h.typ.as_deref() == Some(TYPE) && h.kid.as_deref() == Some(&self.kid);
        (ours && !foreign).then_some(data.claims)
    }
}

/// A new refresh token and the hash to store.
pub(super) fn refresh_token() -> (Secret, Vec<u8>) {
    let token = random_token();
    let hash = hash(&token);
    (Secret::new(token), hash)
}

/// The stored form of a random token: it has 256 bits, so a plain hash is enough.
pub(super) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn signer(secret: &str) -> Signer {
        Signer::new(&Keys::from_secret(Secret::new(secret)))
    }

    fn now() -> u64 {
        jsonwebtoken::get_current_timestamp()
    }

    fn token(by: &Signer, at: u64) -> String {
        let id = Uuid::from_u128(7);
        by.sign(UserId(id), SessionId(id), TenantId(id), at, Duration::from_secs(60))
            .unwrap()
            .expose()
            .to_owned()
    }

    #[test]
    fn a_token_of_ours_is_read_until_it_runs_out() {
        let ours = signer("0123456789abcdef");
        assert_eq!(ours.read(&token(&ours, now())).unwrap().sid, SessionId(Uuid::from_u128(7)));
        assert!(ours.read(&token(&ours, now() - 120)).is_none());
        assert!(ours.read(&token(&ours, now() + 120)).is_none(), "not valid yet");
    }

    #[test]
    fn a_token_of_another_key_algorithm_type_or_audience_is_refused() {
        let ours = signer("0123456789abcdef");
        assert!(ours.read(&token(&signer("another secret!!"), now())).is_none());
        assert!(ours.read("").is_none() && ours.read("a.b.c").is_none());

        let id = Uuid::from_u128(7);
        let claims = Claims { sub: UserId(id), sid: SessionId(id), tenant: TenantId(id), exp: now() + 60 };
        let body = |aud| Signed { iss: ISSUER, aud, iat: now(), nbf: now(), claims };
        let made = |header: &Header, aud| encode(header, &body(aud), &ours.signing).unwrap();
        let header = |alg| Header { typ: Some(TYPE.into()), kid: Some(ours.kid.clone()), ..Header::new(alg) };

        assert!(ours.read(&made(&header(Algorithm::HS256), ISSUER)).is_some());
        assert!(ours.read(&made(&header(Algorithm::HS512), ISSUER)).is_none(), "algorithm");
        assert!(ours.read(&made(&header(Algorithm::HS256), "else")).is_none(), "audience");
        assert!(ours.read(&made(&Header::new(Algorithm::HS256), ISSUER)).is_none(), "type");
        let lured = Header { jku: Some("https://evil.example/keys".into()), ..header(Algorithm::HS256) };
        assert!(ours.read(&made(&lured, ISSUER)).is_none(), "key from elsewhere");
    }
}
