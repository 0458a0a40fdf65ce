//! What the words of the closed lists are called among people, in both languages.
//!
//! Each list has one place here, and each match names every variant: a new variant has its words before anything shows
//! it. Whoever shows a list (a terminal, a page, a sheet, a printed document) asks here, so that one thing has one name. A long file: a word a line.
//! They are written as they stand within a sentence; [`capitalised`] makes a heading of them.

use crate::{
    AssociationNumber, IdentifierKind, Language,
    account::{Account, Book, PostingKind},
    act::ActKind,
    association::{AssociationKind, MembershipState},
    contribution::Nature,
    evidence::EvidenceKind,
    exchange::{Awaited, ExchangeState, Side},
    key::KeyPurpose,
    person::Role,
    recognition::{Level, RecognitionState},
    transfer::TransferReason,
};

/// Tells the name of an association, for sentences.
pub type Names<'a> = &'a dyn Fn(AssociationNumber) -> String;

/// An account's name: its association's, or the fund's.
pub fn account_name(account: Account, language: Language, names: Names<'_>) -> String {
    match account {
        Account::Association(association) | Account::Engaged(association) => names(association),
        Account::Fund => language.pick("Fonds de solidarité", "Solidarity fund").to_owned(),
        Account::Opening => language.pick("Soldes repris", "Balances brought in").to_owned(),
        Account::Person(person) => language.pick(format!("personne n° {person}"), format!("person {person}")),
    }
}

/// Words as they begin a line.
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl AssociationKind {
    /// What a member is.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Association => language.pick("association", "association"),
            Self::Municipality => language.pick("commune", "municipality"),
            Self::SocialEconomyCompany => language.pick("entreprise de l'économie sociale", "social-economy company"),
            Self::InformalGroup => language.pick("groupe informel", "informal group"),
        }
    }
}

impl MembershipState {
    /// Where a member stands.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Applicant => language.pick("candidat", "applicant"),
            Self::Active => language.pick("actif", "active"),
            Self::Suspended => language.pick("suspendu", "suspended"),
            Self::Left => language.pick("parti", "left"),
        }
    }
}

impl IdentifierKind {
    /// The register's name.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Rna => "RNA",
            Self::Siren => "SIREN",
            Self::Siret => "SIRET",
            Self::CourtRegister => language.pick("registre du tribunal", "court register"),
        }
    }
}

impl Role {
    /// The role, without the association that it is about.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Delegate(_) => language.pick("délégué", "delegate"),
            Self::Administrator(_) => language.pick("administrateur", "administrator"),
            Self::Coordinator => language.pick("coordinateur", "coordinator"),
            Self::Mediator => language.pick("médiateur", "mediator"),
            Self::Auditor => language.pick("auditeur", "auditor"),
        }
    }
}

impl Side {
    /// The hours of that side, as one who is on it notes them.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Giver => language.pick("donné", "given"),
            Self::Receiver => language.pick("reçu", "received"),
        }
    }
}

impl Side {
    /// What stands behind a duration: “2 h d'aide donnée”, which suits one hour as well as several.
    pub fn of_help(self, language: Language) -> &'static str {
        match self {
            Self::Giver => language.pick("d'aide donnée", "given"),
            Self::Receiver => language.pick("d'aide reçue", "received"),
        }
    }
}

impl ExchangeState {
    /// Where an exchange stands: after “the exchange is”.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Proposed => language.pick("proposé", "proposed"),
            Self::Contested => language.pick("contesté", "contested"),
            Self::Held => language.pick("en attente de la coordination", "held"),
            Self::Confirmed => language.pick("confirmé", "confirmed"),
            Self::CorrectionRequested => language.pick("confirmé, correction demandée", "correction requested"),
            Self::Reversed => language.pick("annulé", "reversed"),
            Self::Withdrawn => language.pick("retiré", "withdrawn"),
            Self::Dismissed => language.pick("classé sans suite", "dismissed"),
        }
    }

    /// The same of several, where they are counted: what they wait for, while they do.
    pub fn in_words_of_several(self, language: Language) -> &'static str {
        match self {
            Self::Proposed => language.pick("sans réponse", "without an answer"),
            Self::Contested => language.pick("contestés", "contested"),
            Self::Held => language.pick("en attente de la coordination", "held for the coordinator"),
            Self::Confirmed => language.pick("confirmés", "confirmed"),
            Self::CorrectionRequested => {
                language.pick("confirmés, correction demandée", "confirmed, correction requested")
            }
            Self::Reversed => language.pick("annulés", "reversed"),
            Self::Withdrawn => language.pick("retirés", "withdrawn"),
            Self::Dismissed => language.pick("classés sans suite", "dismissed"),
        }
    }
}

impl Awaited {
    /// Who has to act.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Giver => language.pick("l'association qui a aidé", "the association that helped"),
            Self::Receiver => language.pick("l'association qui a été aidée", "the association that was helped"),
            Self::Mediator => language.pick("la médiation", "a mediator"),
            Self::Coordinator => language.pick("la coordination", "the coordinator"),
        }
    }
}

impl EvidenceKind {
    /// The proof itself.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::BothSides => language.pick("les deux associations", "both associations"),
            Self::EmailLink => language.pick("lien reçu par courriel", "link sent by e-mail"),
            Self::PaperSlip => language.pick("fiche papier signée", "signed paper slip"),
            Self::File => language.pick("fichier de la coordination", "coordinator's file"),
            Self::Mandate => language.pick("mandat permanent", "standing mandate"),
            Self::Coordinator => language.pick("parole de la coordination", "coordinator's word"),
        }
    }

    /// How the network knows of several exchanges, where they are counted.
    pub fn in_words_of_several(self, language: Language) -> &'static str {
        match self {
            Self::BothSides => language.pick("confirmés par les deux associations", "confirmed by both associations"),
            Self::EmailLink => {
                language.pick("confirmés par un lien reçu par courriel", "confirmed by a link sent by e-mail")
            }
            Self::PaperSlip => language.pick("fiche papier signée", "a signed paper slip"),
            Self::File => language.pick("fichier de la coordination", "the coordinator's file"),
            Self::Mandate => language.pick("mandat permanent", "a standing mandate"),
            Self::Coordinator => language.pick("attestés par la coordination", "vouched for by the coordinator"),
        }
    }
}

impl TransferReason {
    /// Why hours change hands.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Gift => language.pick("don", "gift"),
            Self::Dues => language.pick("cotisation au fonds", "dues to the fund"),
            Self::Grant => language.pick("aide du fonds", "grant from the fund"),
            Self::Departure => language.pick("départ", "departure"),
            Self::Merger => language.pick("fusion", "merger"),
            Self::Opening => language.pick("solde repris", "balance brought in"),
        }
    }
}

impl Nature {
    /// In which quality a person gave their time.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Operational => language.pick("opérationnel", "operational"),
            Self::Governance => language.pick("gouvernance", "governance"),
            Self::Supervision => language.pick("encadrement", "supervision"),
            Self::Employee => language.pick("salarié", "employee"),
            Self::SkillsSponsorship => language.pick("mécénat de compétences", "skills sponsorship"),
            Self::CivicService => language.pick("service civique", "civic service"),
        }
    }
}

impl Book {
    /// The book, after “book”.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Exchange => language.pick("des échanges", "of exchanges"),
            Self::Engagement => language.pick("de l'engagement", "of engagement"),
        }
    }
}

impl PostingKind {
    /// Why an account moved, as its holder would say it.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Given => language.pick("nous avons aidé", "we helped"),
            Self::Received => language.pick("nous avons été aidés", "we were helped"),
            Self::GiftIn => language.pick("don reçu", "gift received"),
            Self::GiftOut => language.pick("don fait", "gift made"),
            Self::DuesIn => language.pick("cotisation reçue", "dues received"),
            Self::DuesOut => language.pick("cotisation versée", "dues paid"),
            Self::GrantIn => language.pick("aide du fonds", "grant from the fund"),
            Self::GrantOut => language.pick("aide accordée", "grant made"),
            Self::Opening => language.pick("solde repris", "balance brought in"),
            Self::Correction => language.pick("annulation", "correction"),
            Self::Departure => language.pick("départ", "departure"),
            Self::Merger => language.pick("fusion", "merger"),
            Self::Operational => Nature::Operational.in_words(language),
            Self::Governance => Nature::Governance.in_words(language),
            Self::Supervision => Nature::Supervision.in_words(language),
            Self::Employee => Nature::Employee.in_words(language),
            Self::SkillsSponsorship => Nature::SkillsSponsorship.in_words(language),
            Self::CivicService => Nature::CivicService.in_words(language),
        }
    }

    /// The line of a balance sheet where such postings are added up.
    pub fn in_words_of_several(self, language: Language) -> &'static str {
        match self {
            Self::Given => language.pick("donné", "given"),
            Self::Received => language.pick("reçu", "received"),
            Self::GiftIn => language.pick("dons reçus", "gifts received"),
            Self::GiftOut => language.pick("dons faits", "gifts made"),
            Self::DuesIn => language.pick("cotisations reçues", "dues received"),
            Self::DuesOut => language.pick("cotisations versées", "dues paid"),
            Self::GrantIn => language.pick("aides du fonds", "grants from the fund"),
            Self::GrantOut => language.pick("aides accordées", "grants made"),
            Self::Opening => language.pick("solde repris", "balance brought in"),
            Self::Correction => language.pick("annulations", "corrections"),
            Self::Departure => language.pick("départs", "departures"),
            Self::Merger => language.pick("fusions", "mergers"),
            Self::Operational
            | Self::Governance
            | Self::Supervision
            | Self::Employee
            | Self::SkillsSponsorship
            | Self::CivicService => self.in_words(language),
        }
    }
}

impl Level {
    /// How far a competence goes.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Supported => language.pick("avec appui", "with support"),
            Self::Independent => language.pick("en autonomie", "on their own"),
            Self::Reference => language.pick("sait aussi l'apprendre à d'autres", "others can turn to them"),
        }
    }
}

impl RecognitionState {
    /// Where a recognition stands: after “the recognition is”.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Offered => language.pick("à accepter", "to be accepted"),
            Self::Accepted => language.pick("acceptée", "accepted"),
            Self::Withdrawn => language.pick("retirée", "withdrawn"),
        }
    }
}

impl KeyPurpose {
    /// What a key signs.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Credential => language.pick("relevés et badges", "statements and badges"),
            Self::Checkpoint => language.pick("points de contrôle", "checkpoints"),
        }
    }
}

impl ActKind {
    /// What happened.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::NetworkFounded => language.pick("réseau fondé", "network founded"),
            Self::FileReceived => language.pick("fichier reçu", "file received"),
            Self::AssociationAdded => language.pick("adhérent ajouté", "association added"),
            Self::AssociationRenamed => language.pick("adhérent renommé", "association renamed"),
            Self::AssociationIdentified => language.pick("identifiant donné", "association identified"),
            Self::AssociationDescribed => language.pick("fiche d'adhérent corrigée", "association described anew"),
            Self::PersonCorrected => language.pick("identité corrigée", "person corrected"),
            Self::MembershipSet => language.pick("adhésion changée", "membership changed"),
            Self::AssociationLeft => language.pick("adhérent parti", "association left"),
            Self::PersonAdded => language.pick("personne ajoutée", "person added"),
            Self::PersonEnrolled => language.pick("personne inscrite", "person enrolled"),
            Self::RoleGranted => language.pick("rôle donné", "role granted"),
            Self::RoleRevoked => language.pick("rôle retiré", "role revoked"),
            Self::SkillAdded => language.pick("compétence ajoutée", "skill added"),
            Self::SkillAligned => language.pick("compétence rattachée", "skill aligned"),
            Self::PolicyAdopted => language.pick("règles adoptées", "rules adopted"),
            Self::LimitsSet => language.pick("limites fixées", "limits set"),
            Self::MandateSet => language.pick("mandat fixé", "mandate set"),
            Self::ExchangeProposed => language.pick("échange proposé", "exchange proposed"),
            Self::ExchangeRecorded => language.pick("échange enregistré", "exchange recorded"),
            Self::ExchangeConfirmed => language.pick("échange confirmé", "exchange confirmed"),
            Self::ExchangeAmended => language.pick("échange modifié", "exchange amended"),
            Self::ExchangeContested => language.pick("échange contesté", "exchange contested"),
            Self::ExchangeWithdrawn => language.pick("échange retiré", "exchange withdrawn"),
            Self::ExchangeDismissed => language.pick("échange classé sans suite", "exchange dismissed"),
            Self::ExchangeSettled => language.pick("échange tranché", "exchange settled"),
            Self::ExchangeReleased => language.pick("échange libéré", "exchange released"),
            Self::CorrectionRequested => language.pick("correction demandée", "correction requested"),
            Self::CorrectionRefused => language.pick("correction refusée", "correction refused"),
            Self::Reversed => language.pick("annulation", "reversal"),
            Self::ContributionsTold => language.pick("participations données", "contributions told"),
            Self::OwnHoursGiven => {
                language.pick("heures pour sa propre association", "hours for one's own association")
            }
            Self::Transferred => language.pick("transfert", "transfer"),
            Self::BalanceBroughtIn => language.pick("solde repris", "balance brought in"),
            Self::YearClosed => language.pick("exercice clos", "year closed"),
            Self::KeyAdopted => language.pick("clé adoptée", "key adopted"),
            Self::StatementsIssued => language.pick("relevés émis", "statements issued"),
            Self::Recognised => language.pick("compétence reconnue", "competence recognised"),
            Self::RecognitionAccepted => language.pick("reconnaissance acceptée", "recognition accepted"),
            Self::RecognitionWithdrawn => language.pick("reconnaissance retirée", "recognition withdrawn"),
            Self::PersonErased => language.pick("personne effacée", "person erased"),
            Self::LogReopened => language.pick("nouveau journal ouvert", "log reopened"),
        }
    }
}

/// How the network knows of several exchanges, where they are counted: by their evidence, or, where a posting has none
/// of its own, by the kind of its act. What this program does not know stays as it is.
pub fn known_by(kind: &str, language: Language) -> String {
    let known = match (EvidenceKind::try_from(kind), ActKind::try_from(kind)) {
        (Ok(evidence), _) => evidence.in_words_of_several(language),
        (Err(_), Ok(ActKind::ExchangeSettled)) => language.pick("tranchés par la médiation", "settled by a mediator"),
        (Err(_), Ok(ActKind::ExchangeReleased)) => {
            language.pick("libérés par la coordination", "released by the coordinator")
        }
        (Err(_), Ok(act)) => act.in_words(language),
        (Err(_), Err(_)) => kind,
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::PersonNumber;

    /// Every word of a list, in its stable form and in both languages.
    macro_rules! all {
        ($table:ident, $($list:ty: $in_words:ident,)+) => {$(
            let _ = writeln!($table, "{} {}", stringify!($list), stringify!($in_words));
            for word in <$list>::ALL {
                let (french, english) = (word.$in_words(Language::French), word.$in_words(Language::English));
                let _ = writeln!($table, "  {word}: {french} / {english}");
            }
        )+};
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a word a line")]
    fn every_word_of_every_list() {
        let mut table = String::new();
        all! {
            table,
            AssociationKind: in_words,
            MembershipState: in_words,
            IdentifierKind: in_words,
            Side: in_words,
            Side: of_help,
            ExchangeState: in_words,
            ExchangeState: in_words_of_several,
            Awaited: in_words,
            EvidenceKind: in_words,
            EvidenceKind: in_words_of_several,
            TransferReason: in_words,
            Nature: in_words,
            Book: in_words,
            PostingKind: in_words,
            PostingKind: in_words_of_several,
            Level: in_words,
            RecognitionState: in_words,
            KeyPurpose: in_words,
            ActKind: in_words,
        }
        insta::assert_snapshot!(table, @r"
        AssociationKind in_words
          association: association / association
          municipality: commune / municipality
          social_economy_company: entreprise de l'économie sociale / social-economy company
          informal_group: groupe informel / informal group
        MembershipState in_words
          applicant: candidat / applicant
          active: actif / active
          suspended: suspendu / suspended
          left: parti / left
        IdentifierKind in_words
          rna: RNA / RNA
          court_register: registre du tribunal / court register
          siren: SIREN / SIREN
          siret: SIRET / SIRET
        Side in_words
          giver: donné / given
          receiver: reçu / received
        Side of_help
          giver: d'aide donnée / given
          receiver: d'aide reçue / received
        ExchangeState in_words
          proposed: proposé / proposed
          contested: contesté / contested
          held: en attente de la coordination / held
          confirmed: confirmé / confirmed
          correction_requested: confirmé, correction demandée / correction requested
          reversed: annulé / reversed
          withdrawn: retiré / withdrawn
          dismissed: classé sans suite / dismissed
        ExchangeState in_words_of_several
          proposed: sans réponse / without an answer
          contested: contestés / contested
          held: en attente de la coordination / held for the coordinator
          confirmed: confirmés / confirmed
          correction_requested: confirmés, correction demandée / confirmed, correction requested
          reversed: annulés / reversed
          withdrawn: retirés / withdrawn
          dismissed: classés sans suite / dismissed
        Awaited in_words
          giver: l'association qui a aidé / the association that helped
          receiver: l'association qui a été aidée / the association that was helped
          mediator: la médiation / a mediator
          coordinator: la coordination / the coordinator
        EvidenceKind in_words
          both_sides: les deux associations / both associations
          email_link: lien reçu par courriel / link sent by e-mail
          paper_slip: fiche papier signée / signed paper slip
          file: fichier de la coordination / coordinator's file
          mandate: mandat permanent / standing mandate
          coordinator: parole de la coordination / coordinator's word
        EvidenceKind in_words_of_several
          both_sides: confirmés par les deux associations / confirmed by both associations
          email_link: confirmés par un lien reçu par courriel / confirmed by a link sent by e-mail
          paper_slip: fiche papier signée / a signed paper slip
          file: fichier de la coordination / the coordinator's file
          mandate: mandat permanent / a standing mandate
          coordinator: attestés par la coordination / vouched for by the coordinator
        TransferReason in_words
          gift: don / gift
          dues: cotisation au fonds / dues to the fund
          grant: aide du fonds / grant from the fund
          departure: départ / departure
          merger: fusion / merger
          opening: solde repris / balance brought in
        Nature in_words
          operational: opérationnel / operational
          governance: gouvernance / governance
          supervision: encadrement / supervision
          employee: salarié / employee
          skills_sponsorship: mécénat de compétences / skills sponsorship
          civic_service: service civique / civic service
        Book in_words
          exchange: des échanges / of exchanges
          engagement: de l'engagement / of engagement
        PostingKind in_words
          given: nous avons aidé / we helped
          received: nous avons été aidés / we were helped
          gift_in: don reçu / gift received
          gift_out: don fait / gift made
          dues_in: cotisation reçue / dues received
          dues_out: cotisation versée / dues paid
          grant_in: aide du fonds / grant from the fund
          grant_out: aide accordée / grant made
          opening: solde repris / balance brought in
          correction: annulation / correction
          departure: départ / departure
          merger: fusion / merger
          operational: opérationnel / operational
          governance: gouvernance / governance
          supervision: encadrement / supervision
          employee: salarié / employee
          skills_sponsorship: mécénat de compétences / skills sponsorship
          civic_service: service civique / civic service
        PostingKind in_words_of_several
          given: donné / given
          received: reçu / received
          gift_in: dons reçus / gifts received
          gift_out: dons faits / gifts made
          dues_in: cotisations reçues / dues received
          dues_out: cotisations versées / dues paid
          grant_in: aides du fonds / grants from the fund
          grant_out: aides accordées / grants made
          opening: solde repris / balance brought in
          correction: annulations / corrections
          departure: départs / departures
          merger: fusions / mergers
          operational: opérationnel / operational
          governance: gouvernance / governance
          supervision: encadrement / supervision
          employee: salarié / employee
          skills_sponsorship: mécénat de compétences / skills sponsorship
          civic_service: service civique / civic service
        Level in_words
          supported: avec appui / with support
          independent: en autonomie / on their own
          reference: sait aussi l'apprendre à d'autres / others can turn to them
        RecognitionState in_words
          offered: à accepter / to be accepted
          accepted: acceptée / accepted
          withdrawn: retirée / withdrawn
        KeyPurpose in_words
          credential: relevés et badges / statements and badges
          checkpoint: points de contrôle / checkpoints
        ActKind in_words
          network_founded: réseau fondé / network founded
          file_received: fichier reçu / file received
          association_added: adhérent ajouté / association added
          association_renamed: adhérent renommé / association renamed
          membership_set: adhésion changée / membership changed
          association_left: adhérent parti / association left
          person_added: personne ajoutée / person added
          person_enrolled: personne inscrite / person enrolled
          role_granted: rôle donné / role granted
          role_revoked: rôle retiré / role revoked
          skill_added: compétence ajoutée / skill added
          policy_adopted: règles adoptées / rules adopted
          limits_set: limites fixées / limits set
          exchange_proposed: échange proposé / exchange proposed
          exchange_recorded: échange enregistré / exchange recorded
          exchange_confirmed: échange confirmé / exchange confirmed
          exchange_amended: échange modifié / exchange amended
          exchange_contested: échange contesté / exchange contested
          exchange_withdrawn: échange retiré / exchange withdrawn
          exchange_dismissed: échange classé sans suite / exchange dismissed
          exchange_settled: échange tranché / exchange settled
          exchange_released: échange libéré / exchange released
          correction_requested: correction demandée / correction requested
          correction_refused: correction refusée / correction refused
          reversed: annulation / reversal
          contributions_told: participations données / contributions told
          own_hours_given: heures pour sa propre association / hours for one's own association
          transferred: transfert / transfer
          balance_brought_in: solde repris / balance brought in
          year_closed: exercice clos / year closed
          key_adopted: clé adoptée / key adopted
          statements_issued: relevés émis / statements issued
          recognised: compétence reconnue / competence recognised
          recognition_accepted: reconnaissance acceptée / recognition accepted
          recognition_withdrawn: reconnaissance retirée / recognition withdrawn
          person_erased: personne effacée / person erased
          log_reopened: nouveau journal ouvert / log reopened
          mandate_set: mandat fixé / mandate set
          skill_aligned: compétence rattachée / skill aligned
          association_identified: identifiant donné / association identified
          association_described: fiche d'adhérent corrigée / association described anew
          person_corrected: identité corrigée / person corrected
        ");
    }

    #[test]
    fn accounts_are_named_by_their_holders() {
        let names = |_: AssociationNumber| "Chorale".to_owned();
        let association = AssociationNumber(1);
        for (account, french, english) in [
            (Account::Opening, "Soldes repris", "Balances brought in"),
            (Account::Fund, "Fonds de solidarité", "Solidarity fund"),
            (Account::Association(association), "Chorale", "Chorale"),
            (Account::Engaged(association), "Chorale", "Chorale"),
            (Account::Person(PersonNumber(12)), "personne n° 12", "person 12"),
        ] {
            assert_eq!(account_name(account, Language::French, &names), french);
            assert_eq!(account_name(account, Language::English, &names), english);
        }
    }

    #[test]
    fn what_this_program_does_not_know_stays_as_it_is() {
        assert_eq!(known_by("paper_slip", Language::French), "fiche papier signée");
        assert_eq!(known_by("exchange_settled", Language::English), "settled by a mediator");
        assert_eq!(known_by("transferred", Language::English), "transfer");
        assert_eq!(known_by("telepathy", Language::English), "telepathy");
    }

    #[test]
    fn a_line_begins_with_a_capital() {
        assert_eq!(capitalised("échange confirmé"), "Échange confirmé");
        assert_eq!(capitalised(""), "");
    }
}
