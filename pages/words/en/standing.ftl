standing-partners = With each
standing-file = File for a spreadsheet
standing-year = The year { $year }
standing-strip = Hours given and got, month by month
standing-table = The figures
standing-month = Month
standing-given = Given
standing-received = Got
standing-none = Nothing has moved your hours yet.
position-even = You are even.
position-given = You gave { $hours } more.
position-received = You got { $hours } more.
position-figures = { $given } given, { $received } got.
network-us = Our association
network-search = Search: name, town or what is offered
network-count = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
network-offers = Offers:
member-since = member since { $day }
member-former = Formerly:
member-note = Note help
member-between = Between us
member-exchanges = See our exchanges
member-offers = What they offer
member-needs = What they look for
me-title = My hours
me-total = You have given { $hours } in all.
me-none = No hour stands in your name yet. Your association can put them there, on the page of each exchange.
me-own = for the association itself
me-recognised = What was recognised
me-recognised-none = Nothing yet. The association that you helped can recognise a skill.
