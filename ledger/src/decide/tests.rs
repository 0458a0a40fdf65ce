//! What becomes of requests, told as tables: who asks what, and the act or the rejection that follows.

mod acceptances;
mod rejections;
mod world;
