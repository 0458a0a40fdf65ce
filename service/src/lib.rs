//! What every request shares, whichever face it comes to: the app, who calls, the guard of a route, problems, events.
