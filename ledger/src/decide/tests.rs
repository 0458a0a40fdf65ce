//! What becomes of requests, told as tables: who asks what, and the act or the rejection that follows.

mod world;

mod acceptances;
mod groups;
mod loading;
mod rejections;
