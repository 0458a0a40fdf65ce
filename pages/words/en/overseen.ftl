oversee-title = { $giver } helped { $receiver }
oversee-waits = { $days ->
    [0] waits for the answer of { $name }
    [1] has waited for the answer of { $name } since yesterday
   *[other] has waited for the answer of { $name } for { $days } days
}
oversee-correction = { $days ->
    [0] confirmed, { $name } asks for a correction
    [1] confirmed, { $name } has asked for a correction since yesterday
   *[other] confirmed, { $name } has asked for a correction for { $days } days
}
oversee-contested = disagreement, for a mediator to decide
oversee-held = agreed by both sides, waits for your decision
oversee-list-title = The network’s exchanges
oversee-association = Association
oversee-speaker = Noted by
oversee-asked-by = Correction asked for by
oversee-sides = Both associations
oversee-decide = Decide
oversee-before = Now
oversee-after = Afterwards
oversee-unchanged = Nothing is counted, the balances stay as they are.
oversee-release-title = Count these hours despite the limit
oversee-release-then = { $hours } will be counted. Both associations see it on their page, with your reason, which is sealed with the decision.
oversee-release = Count these hours
oversee-confirm-title = Confirm for the association that does not answer
oversee-confirm-then = { $hours } will be counted. Both associations see it on their page, with your reason and the evidence, and may ask for a correction.
oversee-confirm = Confirm for it
oversee-settle-title = It happened: decide how long
oversee-settle-minutes = How long in all
oversee-settle-then = “Afterwards” is worked out with { $hours }; what you write is what will be counted. Both associations read your reason.
oversee-settle = Decide so
oversee-keep-title = Nothing to correct: the exchange is right
oversee-keep-then = The { $hours } stay counted. Both associations read your reason.
oversee-keep = Keep this exchange
oversee-reverse-title = It is wrong: count it no more
oversee-reverse-then = The { $hours } will no longer be counted. The exchange and its cancellation stay readable; both associations read your reason and may note what really happened.
oversee-reverse = Cancel this exchange
oversee-dismiss-title = Do not count these hours
oversee-dismiss-then = The { $hours } will not be counted. Both associations read your reason.
oversee-dismiss = Close without counting
oversee-noted-by-yourself = You noted this yourself for one of the two associations: it is not for you to answer for the other. If both told you, close it without counting and note an exchange that they agreed on.
oversee-belongs-to-side = You belong to { $name }: somebody else has to mediate.
oversee-back = Back to the list
contested-title = Disagreements
contested-hint = Call both associations, then decide: how long, or nothing.
contested-none = No disagreement at the moment.
evidence-how = How do you know?
evidence-telephone = By telephone
evidence-paper = Signed slip
evidence-reference = Who spoke to you, or the number of the slip
evidence-telephone-said = Telephone, { $said }, on { $date }
evidence-paper-said = Slip { $said }, received on { $date }
evidence-missing = Say who spoke to you, or the number of the slip.
evidence-too-long = That is too long; a name or a number is enough.
balance-even = gave as much as it received
balance-given = gave { $hours } more than it received
balance-received = received { $hours } more than it gave
limit-floor-of = This exchange would take { $name } past its limit: { $limit } received beyond what it gave.
limit-ceiling-of = This exchange would take { $name } past its limit: { $limit } given beyond what it received.
said-released = Done: these hours are counted.
said-confirmed = Confirmed: these hours are counted.
said-settled = Decided: these hours are counted.
said-dismissed = Closed. Nothing was counted.
