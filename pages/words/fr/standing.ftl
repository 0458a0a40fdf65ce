standing-partners = Avec chacun
standing-file = Fichier pour un tableur
standing-year = L’année { $year }
standing-strip = Heures données et reçues, mois par mois
standing-table = Les chiffres
standing-month = Mois
standing-given = Données
standing-received = Reçues
standing-none = Rien n’a encore fait bouger vos heures.
position-even = Vous êtes quittes.
position-given = Vous avez donné { $hours } de plus.
position-received = Vous avez reçu { $hours } de plus.
position-figures = { $given } données, { $received } reçues.
network-us = Notre association
network-search = Chercher : nom, commune ou ce qui est proposé
network-count = { $count ->
    [one] { $count } membre
   *[other] { $count } membres
}
network-offers = Propose :
member-since = membre depuis le { $day }
member-former = Autrefois :
member-note = Noter de l’aide
member-between = Entre nous
member-exchanges = Voir nos échanges
member-offers = Ce qu’ils proposent
member-needs = Ce qu’ils cherchent
me-title = Mes heures
me-total = Vous avez donné { $hours } en tout.
me-none = Aucune heure n’est encore notée à votre nom. Votre association peut les y mettre, sur la page de chaque échange.
me-own = pour l’association elle-même
me-recognised = Ce qu’on a reconnu
me-recognised-none = Rien encore. L’association que vous avez aidée peut reconnaître une compétence.
