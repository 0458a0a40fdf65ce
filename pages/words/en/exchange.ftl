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
