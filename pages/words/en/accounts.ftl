accounts-title = Our hours in the accounts
accounts-what = Your volunteers’ hours for the annual accounts, and the wording of the annex. Where you choose nothing, they are hours; euros come if you ask for them, at the rate that you write.
accounts-from = From
accounts-to = To
accounts-to-before-from = The last day is before the first one.
accounts-told = What is told
accounts-hours-alone = Hours alone
accounts-in-euros = In euros, too
accounts-rate = Rate, in euros an hour
accounts-source = Where this rate comes from
accounts-rate-hint = No rate is set by law. Take the same from year to year, and say where it comes from: the annex repeats it.
accounts-known-rate = The gross hourly minimum wage (SMIC) that we know at that date: €{ $rate } (since { $since }). To be checked.
accounts-no-rate = Write the rate, for instance 12.02.
accounts-no-source = Say where this rate comes from, for instance “gross hourly minimum wage”.
accounts-too-much = At this rate, the total is beyond what is counted.
accounts-governance = Count time in governing bodies, too
accounts-compute = Compute
accounts-period = From { $from } to { $to }
accounts-none = No hours to count on these days. They are noted with each exchange (“who did it”), or among the hours given to yourselves.
accounts-total = In all
accounts-at-rate = at { $rate } an hour, { $source }
accounts-entry = The entry
accounts-debit = debited
accounts-credit = credited
accounts-864 = Volunteers’ work
accounts-875 = Volunteering
accounts-annex = For the annex
accounts-annex-hint = A text to take over or to complete. Regulation ANC 2018-06 (art. 211-1 to 211-4) asks for a method that is stated and stays the same; where hours are not valued, it asks why.
accounts-notes = Worth knowing
accounts-take = To take away
accounts-workbook = Workbook (.xlsx)
accounts-table = The hours (.csv)
accounts-paheko = The entry for Paheko (.csv)
accounts-paheko-hint = In Paheko: import this file into the financial year that contains { $day }, in the “simplifié” format. It is a new entry; imported twice, it would be there twice.
accounts-more = For accounts and applications
figures-title = Figures for an application
figures-what = What applications for subsidies ask for, the form Cerfa 12156 among them: volunteers, hours, full-time equivalents, and how each is counted.
figures-other-days = Other days
figures-volunteers = Volunteers
figures-volunteers-how = The different persons who gave time on your behalf on these days, however long.
figures-hours = Hours
figures-hours-how = Their time for you and, on your behalf, for other associations; by service date, less what was reversed.
figures-full-time = Full-time equivalents
figures-full-time-how = These hours divided by { $divisor } h, the legal length of a year at full time (French Labour Code, art. L. 3121-41).
figures-untold = Beside these, { $hours } of help for which nobody said who gave it are counted nowhere here. The page of each exchange lets you say it.
figures-qualities = In which quality
figures-qualities-hint = Who helped in several qualities stands in each of them; in all, that is one person.
figures-others = These are no volunteers
figures-persons = { $count ->
    [one] { $count } person · { $full } full-time equivalent
   *[other] { $count } persons · { $full } full-time equivalent
}
figures-computed = { $count ->
    [one] Computed after { $count } act of the ledger.
   *[other] Computed after { $count } acts of the ledger.
}
engagement-title = Citizen-engagement account
engagement-what = Hours in your governing bodies, or leading other volunteers: those that the French citizen-engagement account (CEC) may count.
engagement-in = In { $year }, in our association
engagement-none = Nobody has hours of governance or supervision in that year.
engagement-200 = 200 h reached here
engagement-100 = 100 h reached here
engagement-below = less than 100 h here
engagement-rule = The rule
engagement-rule-hours = At least 200 h in the calendar year, in one or several associations, of which 100 h in one of them. The association must have been declared for at least a year.
engagement-rule-when = The person declares their hours between 1 January and 30 June { $next }; the association confirms by 31 December { $next }.
engagement-no-right = These are figures, never a right.
engagement-elsewhere = What somebody gives to another association is not read here. They find all their hours under “My hours” and add them up themselves.
