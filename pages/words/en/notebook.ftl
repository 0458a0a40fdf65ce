notebook-title = Compare our notebook
notebook-what = Lay the notebook or table here in which you note your hours. Each line is compared with the ledger: what agrees, what is to be corrected, whom to call. Nothing enters the ledger without your yes.
notebook-choose = Your notebook of the year
notebook-choose-another = Lay another notebook here
notebook-takes = A table .csv, .tsv, .xlsx, .xls or .ods, { $megabytes } MB at most. Choose it, or drag it onto the field.
notebook-lay = Compare with the ledger
notebook-kept = Your notebook stays on this page for an hour, for you alone. Then it is forgotten, or when you sign out, or as soon as you ask. It is in no backup.
notebook-lies-for = { $minutes ->
    [one] Lies here for another minute.
   *[other] Lies here for another { $minutes } minutes.
}
notebook-see = See the result
notebook-how-read = How it was read
notebook-forget = Forget this notebook
notebook-another = Another notebook
notebook-remembered = What is remembered of your notebooks
notebook-remembered-hint = You said it once: the next notebooks are read so.
notebook-remembers-name = “{ $written }” is { $name }
notebook-remembers-column = The column “{ $written }”: { $meaning }
notebook-unlearn = Forget
notebook-unlearn-this = Forget what is remembered of { $written }
notebook-about = { $name }: { $why }
notebook-no-file = Choose a file first.
notebook-too-large = This file has more than { $megabytes } MB. Save only the lines of the year, as CSV.
notebook-too-long = this notebook has more lines than a page compares. Keep only the lines of the year.
notebook-broken = The file did not arrive whole. Send it again.
notebook-no-workbooks = workbooks cannot be read here at the moment. Save the sheet as CSV.
notebook-takes-a-while = { $name } is a long notebook: comparing it takes a few seconds.
notebook-questions = To be settled first
notebook-names = Who is it?
notebook-names-hint = Your answer is remembered for the next notebooks.
notebook-who-is = { $count ->
    [one] Who is “{ $written }”? ({ $count } line)
   *[other] Who is “{ $written }”? ({ $count } lines)
}
notebook-another-name = The exact name of “{ $written }”
notebook-names-left = { $count ->
    [one] { $count } more name after these.
   *[other] { $count } more names after these.
}
notebook-nobody-is = Nobody in the network is called “{ $typed }”.
notebook-several-are = “{ $typed }” may be: { $names }. Write the whole name.
notebook-columns = The columns
notebook-columns-hint = Beside each column: what it means. Correct what is wrong; it is remembered.
notebook-first-lines = The first lines
notebook-sheets = Sheets to read
notebook-no-sheet = Tick one sheet at least.
notebook-year = Year to compare
notebook-no-year = “{ $found }” is no year.
notebook-read-so = Read it so
notebook-notes = Good to know
notebook-means-nothing = of no use
notebook-means-date = date
notebook-means-partner = partner
notebook-means-duration = duration
notebook-means-direction = given or received
notebook-means-given = hours given
notebook-means-received = hours received
notebook-means-people = number of people
notebook-means-skill = what for
notebook-means-identifier = RNA or SIREN number
notebook-means-giver = who helped
notebook-means-receiver = who was helped
notebook-means-start = time it began
notebook-means-end = time it ended
notebook-in-minutes = { $meaning }, in minutes
notebook-in-hours = { $meaning }, in hours
notebook-result = Our notebook and the ledger
notebook-result-of = Our notebook and the ledger, { $year }
notebook-agreed = { $count ->
    [one] { $count } line agrees
   *[other] { $count } lines agree
}
notebook-to-correct = { $count ->
    [0] nothing to correct
   *[other] { $count } to correct
}
notebook-to-call = { $count ->
    [0] nobody to call
    [one] { $count } association to call
   *[other] { $count } associations to call
}
notebook-that-wait = { $count ->
    [one] { $count } waits for an answer
   *[other] { $count } wait for an answer
}
notebook-hours = Your notebook: { $given } given, { $received } received. The ledger: { $ledger_given } given, { $ledger_received } received.
notebook-open-names = { $count ->
    [one] { $count } name may mean several associations.
   *[other] { $count } names may mean several associations.
}
notebook-say-who = Say who it is
notebook-pile-correct = To correct
notebook-pile-call = To call
notebook-pile-waiting = Waiting for an answer
notebook-pile-ours = To mend in your notebook
notebook-pile-agreed = In agreement
notebook-nothing-left = Nothing is left to correct.
notebook-line = Line { $line }
notebook-line-of-sheet = Line { $line }, sheet { $sheet }
notebook-not-in-it = Not in your notebook
notebook-absent = in the ledger
notebook-wrote = You wrote
notebook-finds = Comparison
notebook-see-exchange = See exchange { $reference }
notebook-propose = Propose it
notebook-correct = Ask for a correction
notebook-they-read = The other association will read: { $reason }
notebook-is-ours = It is my mistake
notebook-we-forgot = I forgot it
notebook-not-ours = It is not my mistake after all
notebook-write-to = Write to them
notebook-write-to-name = Write to them: { $name }
notebook-ours-hint = Nothing has changed in the ledger. This is what you mend yourself, in your file.
notebook-ours-hours = Write { $hours }.
notebook-ours-date = Write { $date }.
notebook-ours-direction = Change the direction: what is noted as given was received, or the other way round.
notebook-ours-strike = Strike this line out.
notebook-ours-mend = Mend this line.
notebook-ours-add = Add a line: { $date }, { $partner }, { $help }.
notebook-call-hint = A message is ready for each, to copy or to send.
notebook-things = { $count ->
    [one] { $count } thing to settle
   *[other] { $count } things to settle
}
notebook-partners-left = { $count ->
    [one] And { $count } more association.
   *[other] And { $count } more associations.
}
notebook-letter = Message to copy
notebook-open-mail = Open in my mail program
notebook-letter-subject = Our hours in { $year }: to check together
notebook-letter-begin = Hello,

    Comparing our notebook of { $year } with the ledger ({ $network }), we find:
notebook-letter-end = Could you look on your side, and tell us what is right? Thank you.
notebook-letter-more = { $count ->
    [one] and { $count } more thing.
   *[other] and { $count } more things.
}
notebook-letter-given = { $hours } of help from us
notebook-letter-received = { $hours } of help from you
notebook-letter-absent = { $date }, { $theirs }: in the ledger ({ $reference }), not in our notebook
notebook-letter-missing = { $date }, { $ours }: in our notebook, not in the ledger
notebook-letter-differs = { $date }, { $ours }, in our notebook; the ledger says { $theirs } ({ $reference })
notebook-letter-direction = { $date }, { $ours }, in our notebook; the ledger says the opposite ({ $reference })
notebook-letter-other = { $date }, { $ours }, in our notebook; in the ledger: { $reference }
notebook-before = Those before
notebook-after = Those after
notebook-report = Report for a spreadsheet
notebook-print-hint = This page prints: it is the report to bring to a meeting.
said-notebook-read = It is read so, and that is remembered.
said-notebook-proposed = Proposed. The other association will be asked, and says whether it is right.
said-notebook-ours = Noted. The line to mend is further down, with what to write there.
said-notebook-not-ours = The line is to correct again.
said-notebook-forgotten = Your notebook is forgotten.
said-notebook-unlearned = Forgotten.
said-notebook-gone = Your notebook is no longer here: it was forgotten, or an hour has passed. Nothing was done. Lay it here again.
said-notebook-other = Meanwhile another notebook was laid here: nothing was done. This is what that one comes to.
said-notebook-changed = Meanwhile the ledger changed: nothing was done. This is how things are now.
given-statement-title = Check a statement that I was given
given-statement-what = Give your association’s annual statement, as a file or as a PDF: its figures and its signature are compared with the ledger.
given-statement-choose = Your annual statement
given-statement-check = Check this statement
given-statement-kept = Nothing of it is kept.
given-statement-too-large = This file has more than { $megabytes } MB: it is no statement.
given-statement-of = Statement { $year }: { $name }
given-statement-agrees = All agrees: this statement says what the ledger says.
given-statement-differs = This statement does not say what the ledger says, or was not signed by the network.
given-statement-ledger-says = the ledger says { $hours }
given-statement-then = Show this page to the network’s coordination, with the statement and how you received it.
given-statement-another = Check another statement
