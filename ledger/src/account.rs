//! Accounts in two books, and movements that sum to zero by construction.
//!
//! In book *exchange* associations owe each other hours. In book *engagement* each person has a record of what
//! they gave, never spendable, against the account of what their association engaged.

use crate::{AssociationNumber, Minutes, PersonNumber, contribution::Nature, text_enum::text_enum};

text_enum! {
    /// One of the two books.
    pub enum Book {
        /// Between associations.
        Exchange => "exchange",
        /// What persons gave.
        Engagement => "engagement",
    }
}

/// An account, named by its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Where balances that are brought in come from. In book exchange.
    Opening,
    /// The solidarity fund, never below zero. In book exchange.
    Fund,
    /// An association's hours. In book exchange.
    Association(AssociationNumber),
    /// What an association's volunteers gave, as a debt towards them. In book engagement.
    Engaged(AssociationNumber),
    /// What one person gave. In book engagement.
    Person(PersonNumber),
}

impl Account {
    /// The book that holds the account.
    pub const fn book(self) -> Book {
        match self {
            Self::Opening | Self::Fund | Self::Association(_) => Book::Exchange,
            Self::Engaged(_) | Self::Person(_) => Book::Engagement,
        }
    }

    /// The account's number in its book: its holder's; 0 is the fund, −1 the opening account, and an
    /// association's engagement is negative, since persons hold the other side of it.
    pub const fn number(self) -> i64 {
        match self {
            Self::Opening => -1,
            Self::Fund => 0,
            Self::Association(AssociationNumber(number)) | Self::Person(PersonNumber(number)) => number,
            // No act, and so no association, has the one number without an opposite, which stays itself: no account.
            Self::Engaged(AssociationNumber(number)) => number.wrapping_neg(),
        }
    }

    /// The account with that number in that book; `None` where no account can have it.
    pub const fn from_number(book: Book, number: i64) -> Option<Self> {
        match (book, number) {
            (Book::Exchange, -1) => Some(Self::Opening),
            (Book::Exchange, 0) => Some(Self::Fund),
            (Book::Exchange, 1..) => Some(Self::Association(AssociationNumber(number))),
            (Book::Engagement, 1..) => Some(Self::Person(PersonNumber(number))),
            (Book::Exchange, _) | (Book::Engagement, 0 | i64::MIN) => None,
            (Book::Engagement, _) => Some(Self::Engaged(AssociationNumber(number.wrapping_neg()))),
        }
    }
}

text_enum! {
    /// Why an account moved: the lines of a balance sheet.
    pub enum PostingKind {
        /// Help given.
        Given => "given",
        /// Help received.
        Received => "received",
        /// A gift received.
        GiftIn => "gift_in",
        /// A gift made.
        GiftOut => "gift_out",
        /// Dues received, by the fund.
        DuesIn => "dues_in",
        /// Dues paid.
        DuesOut => "dues_out",
        /// A grant received from the fund.
        GrantIn => "grant_in",
        /// A grant made, by the fund.
        GrantOut => "grant_out",
        /// A balance brought in.
        Opening => "opening",
        /// The reversal of something posted.
        Correction => "correction",
        /// A departing member's balance.
        Departure => "departure",
        /// A merging member's balance.
        Merger => "merger",
        /// Engagement: doing the work.
        Operational => "operational",
        /// Engagement: governing.
        Governance => "governance",
        /// Engagement: leading volunteers.
        Supervision => "supervision",
        /// Engagement: paid work.
        Employee => "employee",
        /// Engagement: lent by an employer.
        SkillsSponsorship => "skills_sponsorship",
        /// Engagement: civic service.
        CivicService => "civic_service",
    }
}

impl From<Nature> for PostingKind {
    fn from(nature: Nature) -> Self {
        match nature {
            Nature::Operational => Self::Operational,
            Nature::Governance => Self::Governance,
            Nature::Supervision => Self::Supervision,
            Nature::Employee => Self::Employee,
            Nature::SkillsSponsorship => Self::SkillsSponsorship,
            Nature::CivicService => Self::CivicService,
        }
    }
}

/// A change of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// The account that moves.
    pub account: Account,
    /// Why.
    pub kind: PostingKind,
    /// By how much; negative when it goes down.
    pub minutes: Minutes,
}

/// Movements that sum to zero in each book: they can only be made in pairs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Movements(Vec<Movement>);

impl Movements {
    /// `minutes` leave one account and enter another of the same book.
    ///
    /// `None` when the accounts stand in different books or the amount has no opposite.
    pub fn pair(from: (Account, PostingKind), to: (Account, PostingKind), minutes: Minutes) -> Option<Self> {
        if from.0.book() != to.0.book() {
            return None;
        }
        Some(Self(vec![
            Movement { account: to.0, kind: to.1, minutes },
            Movement { account: from.0, kind: from.1, minutes: minutes.checked_neg()? },
        ]))
    }

    /// These movements and others.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// The movements, in posting order.
    pub fn iter(&self) -> impl Iterator<Item = &Movement> {
        self.0.iter()
    }
}

/// The current end of an account: given − received + other = balance, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountHead {
    /// How many postings the account has; the next one's sequence number is one more.
    pub sequence: i64,
    /// The balance after the last of them.
    pub balance: Minutes,
    /// Help given since the beginning.
    pub given: Minutes,
    /// Help received since the beginning.
    pub received: Minutes,
}

impl AccountHead {
    /// The end of the account after one more movement; `None` when an amount has no room.
    pub fn after(self, movement: &Movement) -> Option<Self> {
        let Self { sequence, balance, mut given, mut received } = self;
        match movement.kind {
            PostingKind::Given => given = given.checked_add(movement.minutes)?,
            PostingKind::Received => received = received.checked_add(movement.minutes.checked_neg()?)?,
            PostingKind::GiftIn
            | PostingKind::GiftOut
            | PostingKind::DuesIn
            | PostingKind::DuesOut
            | PostingKind::GrantIn
            | PostingKind::GrantOut
            | PostingKind::Opening
            | PostingKind::Correction
            | PostingKind::Departure
            | PostingKind::Merger
            | PostingKind::Operational
            | PostingKind::Governance
            | PostingKind::Supervision
            | PostingKind::Employee
            | PostingKind::SkillsSponsorship
            | PostingKind::CivicService => {}
        }
        let balance = balance.checked_add(movement.minutes)?;
        Some(Self { sequence: sequence.checked_add(1)?, balance, given, received })
    }
}

/// A movement as it stands in the account: with its place and what the account is after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// What moved.
    pub movement: Movement,
    /// The account's state after it.
    pub after: AccountHead,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_numbers_lead_back_to_the_account() {
        let association = AssociationNumber(12);
        for account in [
            Account::Opening,
            Account::Fund,
            Account::Association(association),
            Account::Engaged(association),
            Account::Person(PersonNumber(12)),
        ] {
            assert_eq!(Account::from_number(account.book(), account.number()), Some(account));
        }
        assert_eq!(Account::from_number(Book::Exchange, -2), None);
        assert_eq!(Account::from_number(Book::Engagement, 0), None);
        // It has no opposite, and was once taken for the account of the largest number.
        assert_eq!(Account::from_number(Book::Engagement, i64::MIN), None);
    }

    #[test]
    fn movements_cannot_leave_their_book() {
        let from = (Account::Association(AssociationNumber(1)), PostingKind::Received);
        assert!(
            Movements::pair(from, (Account::Person(PersonNumber(2)), PostingKind::Operational), Minutes::new(15))
                .is_none()
        );
    }
}
