statements-title = Annual statements
statements-what = What the network signed for us, year by year, once the year was closed.
statements-none = The network has not handed out any yet. It does once the year is closed.
statements-of-year = Annual statement { $year }
statements-about = no. { $number } · { $given } given, { $received } received
statements-stood = On 31 December: { $stand }
statements-replaced = superseded by no. { $number }
statements-taken-back = taken back by the network: it no longer holds
statement-about = no. { $number } · signed { $day }
statement-supersedes = It supersedes no. { $number }.
statement-opening = Balance on 1 January
statement-given = Hours given
statement-received = Hours received
statement-closing = Balance on 31 December
statement-corrected = reversed: { $hours }
statement-take = Take the signed document away
statement-verify = Verify
statement-verify-hint = The signed document is what counts, not this page. Take it away, then drop it on the page “Verify”: it checks the signature in your browser and asks nothing of us.
statement-partners = With whom
statement-skills = For what
statement-months = Month by month
statement-volunteers = Time noted for our people
statement-known-by = How the network knows
statement-not-counted = Waiting, not counted
statement-exchanges = { $count ->
    [one] { $count } exchange, { $hours }
   *[other] { $count } exchanges, { $hours }
}
statement-proof = Fingerprint of the document
statement-proof-hint = The printed version bears the same fingerprint (SHA-256): two documents that have it are the same one.
