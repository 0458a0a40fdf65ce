tab-morning = To do
tab-members = Network
morning-title = { $count ->
    [0] Nothing to do this morning
    [1] One thing this morning
    [2] Two things this morning, in order
    [3] Three things this morning, in order
    [4] Four things this morning, in order
    [5] Five things this morning, in order
    [6] Six things this morning, in order
    [7] Seven things this morning, in order
    [8] Eight things this morning, in order
    [9] Nine things this morning, in order
    [10] Ten things this morning, in order
   *[other] { $count } things this morning, in order
}
morning-nothing = Nobody to call, nothing to decide. Have a good day.
morning-call = Call { $name }
morning-overdue = { $count ->
    [1] An exchange has been waiting for its answer for { $days } days.
   *[other] { $count } exchanges are waiting for its answer, the oldest for { $days } days.
}
morning-call-others = Call afterwards: { $count ->
    [1] one more association
   *[other] { $count } more associations
}
morning-call-others-why = Exchanges also wait for the answer of { $names }.
morning-call-others-act = See the exchanges
morning-say-received = Hello, { $partner } says that they helped you for { $hours } on { $date }. Is that right?
morning-say-given = Hello, { $partner } says that you helped them for { $hours } on { $date }. Is that right?
morning-correction = It has been asked for { $days } days to correct a confirmed exchange.
morning-say-correction = Hello, { $partner } thinks that the { $hours } of { $date } need correcting. What do you say?
morning-about = { $hours } with { $partner }, on { $date }
reach-ask-for = Ask for { $name }.
reach-paper = No computer.
morning-add-contact = Add a telephone number
morning-held-floor = Decide: { $name } would pass its limit, { $limit } received beyond what it gave
morning-held-ceiling = Decide: { $name } would pass its limit, { $limit } given beyond what it received
morning-held-free = Decide: { $giver } and { $receiver }, no limit stands against it any more
morning-held-why = { $hours } of help that { $giver } gave to { $receiver } on { $date } have been waiting { $days ->
    [0] since today.
    [1] since yesterday.
   *[other] for { $days } days.
}
morning-held-act = See the exchange
morning-contested = A disagreement: { $giver } and { $receiver }
morning-contested-why = { $hours } on { $date }, in question { $days ->
    [0] since today.
    [1] since yesterday.
   *[other] for { $days } days.
}
morning-mediators = May mediate: { $names }.
morning-no-mediator = No mediator of the network stands outside of both: give somebody that role.
morning-give-role = Give the role
morning-thread = See the exchange
morning-applicant = Admit or not: { $name }
morning-applicant-why = Asked on { $date }.
morning-applicant-act = Read the request
morning-silent = Not heard of for { $days } days
morning-silent-why = { $count ->
    [1] One association: { $names }.
   *[other] { $count } associations: { $names }.
}
morning-say-silent = Hello, how are you? Do you need a helping hand, or have time to give?
morning-others = and { $count } more
morning-debts = { $count ->
    [1] One association has received a lot
   *[other] { $count } associations have received a lot
}
morning-debt-of = { $name } received { $hours } more than it gave (limit { $limit }).
morning-say-debt = Hello, the network could use your help: what helping hand could you give this month?
morning-hoards = { $count ->
    [1] One association has given a lot
   *[other] { $count } associations have given a lot
}
morning-hoard-of = { $name } gave { $hours } more than it received (limit { $limit }).
morning-say-hoard = Hello, you have given a lot: what would you need in turn?
morning-names = See the names
morning-bounced = Mail comes back: { $address }
morning-bounced-why = { $name } has received nothing there since { $date } ({ $reason }).
morning-bounced-act = See the person
morning-unsealed = The register has not been sealed for { $days } days
morning-unsealed-why = What was noted since { $date } is covered by no signature. Ask whoever runs the server whether the network’s key is still there, and where the backups are.
limit-decided = Limit decided by: { $decision } (since { $date }).
limit-since = Limit in force since { $date }.
morning-backup = Ask for a backup
morning-backup-of = The last one is of { $date }. Ask whoever runs the service for another: “coudemain backup”.
morning-backup-never = None was made yet with “coudemain backup”. Ask whoever runs the service how the network is backed up.
morning-keys = Have the network’s keys changed
morning-keys-why = They have been in use since { $date }. Ask whoever runs the service to change them: “coudemain key rotate”.
