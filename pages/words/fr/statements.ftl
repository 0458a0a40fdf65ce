statements-title = Relevés annuels
statements-what = Ce que le réseau a signé pour nous, année par année, une fois l’année close.
statements-none = Le réseau n’en a encore remis aucun. Il le fait une fois l’année close.
statements-of-year = Relevé annuel { $year }
statements-about = n° { $number } · { $given } données, { $received } reçues
statements-stood = Au 31 décembre : { $stand }
statements-replaced = remplacé par le n° { $number }
statements-taken-back = repris par le réseau : il ne vaut plus
statement-about = n° { $number } · signé le { $day }
statement-supersedes = Il remplace le n° { $number }.
statement-opening = Solde au 1er janvier
statement-given = Heures données
statement-received = Heures reçues
statement-closing = Solde au 31 décembre
statement-corrected = annulé : { $hours }
statement-take = Emporter le document signé
statement-verify = Vérifier
statement-verify-hint = Le document signé fait foi, pas cette page. Emportez-le, puis déposez-le sur la page « Vérifier » : elle contrôle la signature dans votre navigateur, sans rien nous demander.
statement-partners = Avec qui
statement-skills = Pour quoi
statement-months = Mois par mois
statement-volunteers = Le temps noté pour nos personnes
statement-known-by = Comment le réseau le sait
statement-not-counted = En attente, non compté
statement-exchanges = { $count ->
    [one] { $count } échange, { $hours }
   *[other] { $count } échanges, { $hours }
}
statement-proof = Empreinte du document
statement-proof-hint = La version imprimée porte la même empreinte (SHA-256) : deux documents qui l’ont sont le même.
