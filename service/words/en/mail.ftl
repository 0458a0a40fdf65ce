# Letters.

mail-hello = Hello { $name },
mail-hello-nobody = Hello,
mail-fact = On { $day }, { $giver } helped { $receiver }: { $hours }.
mail-fact-skill = On { $day }, { $giver } helped { $receiver }: { $hours } ({ $skill }).
mail-answer = Answer
mail-see = See the exchange
mail-not-us = That was not us
mail-somebody = Somebody
mail-link-is-yours = This link is yours, on behalf of { $own }, until an answer is given. Keep it: whoever follows it can answer in your stead. It opens nothing else.
mail-why = You get this message because you answer for { $own } ({ $network }).
mail-why-mediator = You get this message because you mediate in { $network }.

mail-helped-you-subject = { $partner } say they helped you: { $hours }, is that right?
mail-you-helped-subject = { $partner } say you helped them: { $hours }, is that right?
mail-proposal-before = This is what { $partner } noted:
mail-proposal-asked = Is that right? You can say yes, correct the hours or the day, or say no.
mail-amended-subject = { $partner } propose { $hours }, is that right?
mail-amended-before = { $partner } corrected what was noted. This is what is proposed now:
mail-correction-subject = { $partner } ask for a correction: { $hours }
mail-correction-before = This exchange was confirmed. { $partner } say it is not right:
mail-correction-asked = You can undo it, or keep it as it is.
mail-reminder-subject = Reminder: { $subject }
mail-reminder = Your answer is still missing. It takes a minute.
mail-last-reminder = This is our last message about it: the coordinator will call you.

mail-noted-for-you-subject = The coordinator noted for you: { $hours } with { $partner }
mail-noted-for-you = The coordinator noted it on your behalf. { $partner } will answer.
mail-held-subject = Agreed, on hold: { $hours } with { $partner }
mail-held = You agree with { $partner }. A limit of the network is reached: the coordinator will say when these hours count.
mail-confirmed-subject = { $partner } said yes: { $hours }
mail-confirmed = { $partner } confirmed. The hours count.
mail-confirmed-by-mandate-subject = { $partner } confirmed for you: { $hours }
mail-confirmed-by-mandate = { $partner } confirmed on your behalf, as you had agreed. The hours count.
mail-confirmed-by-network-subject = Confirmed by the coordinator: { $hours } with { $partner }
mail-confirmed-by-network = The coordinator confirmed. The hours count.
mail-contested-subject = { $partner } do not agree: { $hours }
mail-contested = { $partner } do not agree. A mediator will hear both of you; nothing counts until then.
mail-withdrawn-subject = { $partner } take back what was noted: { $hours }
mail-withdrawn = { $partner } took back what was noted. There is nothing for you to do.
mail-dismissed-subject = Closed: { $hours } with { $partner }
mail-dismissed = The network closed this exchange with { $partner }. Nothing counts.
mail-settled-subject = The mediator decided: { $hours } with { $partner }
mail-settled = The mediator decided: this exchange with { $partner } did take place. The hours count.
mail-released-subject = The hours count: { $hours } with { $partner }
mail-released = This exchange with { $partner } was on hold. The coordinator let it through: the hours count.
mail-kept-subject = { $partner } keep the exchange as it is: { $hours }
mail-kept = { $partner } do not want to correct it. The exchange counts as it is.
mail-kept-by-network-subject = The exchange stays as it is: { $hours } with { $partner }
mail-kept-by-network = The coordinator answered the request for a correction: the exchange with { $partner } counts as it is.
mail-reversed-subject = { $partner } undid an exchange: { $hours }
mail-reversed = { $partner } undid this exchange. These hours no longer count.
mail-reversed-by-network-subject = An exchange is undone: { $hours } with { $partner }
mail-reversed-by-network = The coordinator undid this exchange with { $partner }. These hours no longer count.

mail-by-link-subject = { $answerer } said yes to { $partner }: { $hours }
mail-by-link = { $answerer } confirmed for { $own }, by a link in a message:
mail-by-link-check = All is well? There is nothing for you to do. If it was none of you, say so here: a correction will be asked for.

mail-mediate-subject = Mediation: { $giver } and { $receiver } do not agree
mail-mediate = { $giver } and { $receiver } do not agree on this exchange:

mail-digest-subject = { $network }: where you stand
mail-digest-subject-waiting = { $count ->
    [one] One answer awaited, and where you stand
   *[other] { $count } answers awaited, and where you stand
}
mail-stand-even = You have given as much as you have received.
mail-stand-given = You have given { $hours } more than you have received.
mail-stand-received = You have received { $hours } more than you have given.
mail-digest-waiting = Waiting for your answer:
mail-digest-posted = Counted since the last letter:
mail-digest-more = and others
mail-digest-why = You chose to get this letter from { $network }. To get it no more: { $address }

mail-gathered-subject = { $count ->
    [one] { $name }: an exchange has changed
   *[other] { $name }: { $count } exchanges have changed
}
mail-gathered-subject-waiting = { $count ->
    [one] { $name }: an answer is waited for
   *[other] { $name }: { $count } answers are waited for
}
mail-gathered-told = What has changed:
mail-gathered-see = See the exchanges

mail-role-subject = { $giver } gives you a role
mail-role-delegate = You speak for { $giver } now: you note help given and received, and answer the others.
mail-role-administrator = You keep the page of { $giver } now: who speaks for it, who belongs to it, how to reach it.
mail-role-coordinator = You coordinate { $network } now.
mail-role-mediator = You mediate in { $network } now, where two associations do not agree.
mail-role-auditor = You may read everything in { $network } now, to check the accounts.
mail-role-enter = Enter with this e-mail address
mail-role-why = You receive this message because this role was given to you ({ $network }). If that surprises you, tell the coordinator; as long as you do not enter, there is nothing for you to do.
