exchange-given = gave { $hours }
exchange-received = got { $hours }
exchange-any-skill = a helping hand
exchange-said-given = { $partner } says that you helped them
exchange-said-received = { $partner } says that they helped you
exchange-correction-said = { $partner } asks to mend this exchange
exchange-waits-for-them = { $days ->
    [0] waits for their answer
    [one] waits for their answer since yesterday
   *[other] waits for their answer for { $days } days
}
exchange-waits-for-us = { $days ->
    [0] waits for your answer
    [one] waits for your answer since yesterday
   *[other] waits for your answer for { $days } days
}
exchange-correction-asked = confirmed, you ask to mend it
exchange-correction-wanted = confirmed, they ask to mend it
exchange-contested = disagreement, the mediation looks at it
exchange-held = agreed on both sides, waits for the coordination
exchange-confirmed = confirmed
exchange-reversed = taken back
exchange-withdrawn = withdrawn
exchange-dismissed = closed without effect
exchange-title-given = You helped { $partner }
exchange-title-received = { $partner } helped you
exchange-what-for = What for
exchange-remark = Remark
exchange-state = Where it stands
exchange-reference = Reference
exchange-replaces = Stands in for an exchange that was taken back
exchange-replaced-by = The exchange that stands in its place
exchange-somebody = Somebody of yours
exchange-next-proposed = Now { $partner } has to say whether this is right. Nothing counts until then, and you can take it back.
exchange-next-contested = The two associations disagree. The network’s mediation will reach you both and decide.
exchange-next-held = Both associations agree. A limit that the network voted is reached: the coordination decides when these hours count.
exchange-next-correction = You asked to mend it. { $partner } has to answer; until then the exchange counts.
exchange-note-again = Note what really happened
exchange-proof = Proof
exchange-proof-posted = This exchange counts and is sealed in the network’s ledger: nobody can change it unseen any more.
exchanges-title = Our exchanges
exchanges-filter = Choose which
exchanges-partner = With whom
exchanges-skill = What for
exchanges-year = Year
exchanges-state = Where they stand
exchanges-show = Show
exchanges-unfiltered = Show all
exchanges-none = No exchange here.
exchanges-older = Older ones
step-is-it-right = Is this right?
step-minutes = How long in all
step-date = Which day
step-almost = Propose that
step-almost-then = { $partner } will get your proposal and say whether it suits them.
step-no = Say no
step-no-then = { $partner } will read your reason, and the network’s mediation will help you agree.
step-reason = Why, in one sentence
step-reason-missing = Say why, in one sentence.
step-correction = { $partner } says that this exchange is wrong
step-before = Now
step-after = Without this exchange
step-reverse-title = True, it is wrong
step-reverse = Take this exchange back
step-reverse-then = { $partner } will be told. The exchange and its taking back stay readable; you can note what really happened.
step-keep-title = No, it is right
step-keep = Keep this exchange
step-who-title = Say who of us did it
step-who-hint = The time of each, only for those who were there. These hours count for their passport.
step-who-missing = Say the time of one person at least.
step-who = Record
step-withdraw-title = Take it back
step-withdraw-then = { $partner } will have nothing to answer any more. Nothing will have counted.
step-withdraw = Withdraw
step-correct-title = Ask to mend it
step-correct-then = { $partner } will get your request and answer it; if they agree, the exchange is taken back and you note the right one.
step-correct = Send the request
answer-title = Yours to answer
answer-hint = Leave ticked those that are right, then confirm them together.
answer-otherwise = Not quite, or no
answer-all = Confirm those that are ticked
answer-nothing = Nothing waits for your answer.
answer-corrections = Asked to mend
answer-changed = { $partner } changed what is noted meanwhile: look again.
answer-none-ticked = Tick one exchange at least.
