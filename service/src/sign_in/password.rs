//! Passwords, kept as Argon2 hashes.

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::problem::{Problem, Refusal};

/// The shortest password, in characters.
pub const LENGTH_LEAST: usize = 10;

/// A hash takes 19 MiB and some 30 ms of a core: two at a time leave the service its memory and time.
static HASHING: Semaphore = Semaphore::const_new(2);

/// What is kept of a password.
///
/// # Errors
/// When it cannot be computed.
pub async fn hash(password: String, salt: [u8; 32]) -> Result<String, Problem> {
    let fault = || Problem::new(Refusal::Fault);
    let _turn = HASHING.acquire().await.map_err(|_| fault())?;
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password_with_salt(password.as_bytes(), &salt[..16]).map(|hash| hash.to_string())
    });
    hashed.await.map_err(|_| fault())?.map_err(|_| fault())
}

/// Whether a password is the one of that hash. Without a hash one is checked all the same, in the same time, so that
/// nobody learns who signs in here.
pub async fn is_right(password: String, hash: Option<String>) -> bool {
    let Ok(_turn) = HASHING.acquire().await else { return false };
    let verified = tokio::task::spawn_blocking(move || {
        let kept = PasswordHash::new(hash.as_deref().unwrap_or(&NOBODY)).ok()?;
        Argon2::default().verify_password(password.as_bytes(), &kept).ok()?;
        hash.map(drop)
    });
    verified.await.is_ok_and(|verified| verified.is_some())
}

/// A hash that no password has been told of.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let hash = Argon2::default().hash_password_with_salt(b"nobody signs in so", b"0123456789abcdef");
    #[expect(clippy::expect_used, reason = "password and salt have lengths that Argon2 takes")]
    let hash = hash.expect("a password of 18 bytes and a salt of 16 can be hashed");
    hash.to_string()
});
