//! A route's rule: what a token must be good for, and which parts the caller may play.

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Reading what the caller's role shows.
    Read,
    /// Everyday writing: exchanges, hours, transfers, offers and needs.
    Write,
    /// Who takes part and under which rules: members, persons, roles, tokens, years.
    Manage,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Manage];

    /// The scope as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Manage => "manage",
        }
    }

    /// Reads scopes between spaces. Words that are none are left out, and open nothing.
    pub fn read(text: &str) -> Vec<Self> {
        Self::ALL.into_iter().filter(|scope| text.split(' ').any(|word| word == scope.as_str())).collect()
    }
}

/// A part that a caller may play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Speaks for one association.
    Delegate,
    /// The same, and says who else may.
    Administrator,
    /// Acts for the network.
    Coordinator,
    /// Settles what is contested.
    Mediator,
    /// Reads everything.
    Auditor,
    /// Anybody whom the network knows, in their own name.
    Oneself,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 6] =
        [Self::Delegate, Self::Administrator, Self::Coordinator, Self::Mediator, Self::Auditor, Self::Oneself];

    /// The part as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delegate => "delegate",
            Self::Administrator => "administrator",
            Self::Coordinator => "coordinator",
            Self::Mediator => "mediator",
            Self::Auditor => "auditor",
            Self::Oneself => "oneself",
        }
    }
}

/// What the guard makes of a request's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Nothing: it is its handler's alone.
    OfItsHandler,
    /// It may say for whom: a caller with several roles is let through to it, as a choice.
    SaysForWhom,
    /// It is held, to be given back to whoever sent it where it is not taken: nothing in it is a secret, or shows who
    /// somebody is.
    GivenBack,
}

/// Who may take a route.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// Everybody, without a token.
    Open,
    /// Whoever shows a token that holds, whatever parts they play.
    Holder,
    /// Callers with a token for that, in one of those parts.
    Only {
        /// What the token must be good for.
        scope: Scope,
        /// The parts that may.
        may: &'static [Part],
    },
}

impl Rule {
    /// Nobody: what a route says that forgot to say who may.
    pub const NOBODY: Self = Self::Only { scope: Scope::Manage, may: &[] };
}
