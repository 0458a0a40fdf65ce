notebook-title = Rapprocher notre carnet
notebook-what = Déposez le carnet ou le tableau où vous notez vos heures. Chaque ligne est comparée au registre : ce qui est d’accord, ce qui est à corriger, qui appeler. Rien n’entre dans le registre sans votre oui.
notebook-choose = Votre carnet de l’année
notebook-choose-another = Déposer un autre carnet
notebook-takes = Un tableau .csv, .tsv, .xlsx, .xls ou .ods, { $megabytes } Mo au plus. Choisissez-le, ou faites-le glisser sur le champ.
notebook-lay = Comparer au registre
notebook-kept = Votre carnet reste une heure sur cette page, pour vous seul. Il est oublié ensuite, quand vous vous déconnectez, ou dès que vous le demandez. Il n’est dans aucune sauvegarde.
notebook-lies-for = { $minutes ->
    [one] Posé ici encore { $minutes } minute.
   *[other] Posé ici encore { $minutes } minutes.
}
notebook-see = Voir le résultat
notebook-how-read = Comment il a été lu
notebook-forget = Oublier ce carnet
notebook-another = Un autre carnet
notebook-remembered = Ce qui est retenu de vos carnets
notebook-remembered-hint = Vous l’avez dit une fois : les prochains carnets sont lus ainsi.
notebook-remembers-name = « { $written } » est { $name }
notebook-remembers-column = La colonne « { $written } » : { $meaning }
notebook-unlearn = Oublier
notebook-unlearn-this = Oublier ce qui est retenu de { $written }
notebook-about = { $name } : { $why }
notebook-no-file = Choisissez d’abord un fichier.
notebook-too-large = Ce fichier pèse plus de { $megabytes } Mo. Enregistrez en CSV les seules lignes de l’année.
notebook-too-long = ce carnet a plus de lignes qu’une page n’en compare. Gardez les seules lignes de l’année.
notebook-broken = Le fichier n’est pas arrivé entier. Envoyez-le de nouveau.
notebook-no-workbooks = les classeurs ne se laissent pas lire ici en ce moment. Enregistrez la feuille en CSV.
notebook-takes-a-while = { $name } est un long carnet : le comparer demande quelques secondes.
notebook-questions = À préciser d’abord
notebook-names = De qui s’agit-il ?
notebook-names-hint = Votre réponse est retenue pour les prochains carnets.
notebook-who-is = { $count ->
    [one] Qui est « { $written } » ? ({ $count } ligne)
   *[other] Qui est « { $written } » ? ({ $count } lignes)
}
notebook-another-name = Le nom exact de « { $written } »
notebook-names-left = { $count ->
    [one] Encore { $count } nom après ceux-ci.
   *[other] Encore { $count } noms après ceux-ci.
}
notebook-nobody-is = Personne ne s’appelle « { $typed } » dans le réseau.
notebook-several-are = « { $typed } » peut être : { $names }. Écrivez le nom entier.
notebook-columns = Les colonnes
notebook-columns-hint = À côté de chaque colonne : ce qu’elle veut dire. Corrigez ce qui est faux ; c’est retenu.
notebook-first-lines = Les premières lignes
notebook-sheets = Feuilles à lire
notebook-no-sheet = Cochez au moins une feuille.
notebook-year = Année à comparer
notebook-no-year = « { $found } » n’est pas une année.
notebook-read-so = Lire ainsi
notebook-notes = Bon à savoir
notebook-means-nothing = ne sert pas
notebook-means-date = date
notebook-means-partner = partenaire
notebook-means-duration = durée
notebook-means-direction = donné ou reçu
notebook-means-given = heures données
notebook-means-received = heures reçues
notebook-means-people = nombre de personnes
notebook-means-skill = pour quoi
notebook-means-identifier = numéro RNA ou SIREN
notebook-means-giver = qui a aidé
notebook-means-receiver = qui a été aidé
notebook-means-start = heure de début
notebook-means-end = heure de fin
notebook-in-minutes = { $meaning }, en minutes
notebook-in-hours = { $meaning }, en heures
notebook-result = Notre carnet et le registre
notebook-result-of = Notre carnet et le registre, { $year }
notebook-agreed = { $count ->
    [one] { $count } ligne d’accord
   *[other] { $count } lignes d’accord
}
notebook-to-correct = { $count ->
    [0] rien à corriger
   *[other] { $count } à corriger
}
notebook-to-call = { $count ->
    [0] personne à appeler
    [one] { $count } association à appeler
   *[other] { $count } associations à appeler
}
notebook-that-wait = { $count ->
    [one] { $count } en attente d’une réponse
   *[other] { $count } en attente d’une réponse
}
notebook-hours = Votre carnet : { $given } données, { $received } reçues. Le registre : { $ledger_given } données, { $ledger_received } reçues.
notebook-open-names = { $count ->
    [one] { $count } nom peut désigner plusieurs associations.
   *[other] { $count } noms peuvent désigner plusieurs associations.
}
notebook-say-who = Dire de qui il s’agit
notebook-pile-correct = À corriger
notebook-pile-call = À appeler
notebook-pile-waiting = En attente d’une réponse
notebook-pile-ours = À reprendre dans votre carnet
notebook-pile-agreed = D’accord
notebook-nothing-left = Il n’y a plus rien à corriger.
notebook-line = Ligne { $line }
notebook-line-of-sheet = Ligne { $line }, feuille { $sheet }
notebook-not-in-it = Pas dans votre carnet
notebook-absent = au registre
notebook-wrote = Vous avez écrit
notebook-finds = Comparaison
notebook-see-exchange = Voir l’échange { $reference }
notebook-propose = Proposer
notebook-correct = Demander une correction
notebook-they-read = L’autre association lira : { $reason }
notebook-is-ours = C’est mon erreur
notebook-we-forgot = C’est un oubli de ma part
notebook-not-ours = Finalement, ce n’est pas mon erreur
notebook-write-to = Leur écrire
notebook-write-to-name = Leur écrire : { $name }
notebook-ours-hint = Rien n’a changé au registre. Voici ce que vous corrigez vous-même, dans votre fichier.
notebook-ours-hours = Écrivez { $hours }.
notebook-ours-date = Écrivez le { $date }.
notebook-ours-direction = Changez le sens : ce qui est noté donné est reçu, ou l’inverse.
notebook-ours-strike = Rayez cette ligne.
notebook-ours-mend = Reprenez cette ligne.
notebook-ours-add = Ajoutez une ligne : le { $date }, { $partner }, { $help }.
notebook-call-hint = Un message est prêt pour chacune, à copier ou à envoyer.
notebook-things = { $count ->
    [one] { $count } point à voir
   *[other] { $count } points à voir
}
notebook-partners-left = { $count ->
    [one] Et { $count } autre association.
   *[other] Et { $count } autres associations.
}
notebook-letter = Message à copier
notebook-open-mail = Ouvrir dans ma messagerie
notebook-letter-subject = Nos heures { $year } : à vérifier ensemble
notebook-letter-begin = Bonjour,

    En comparant notre carnet { $year } au registre ({ $network }), nous trouvons :
notebook-letter-end = Pouvez-vous regarder de votre côté, et nous dire ce qui est juste ? Merci.
notebook-letter-more = { $count ->
    [one] et { $count } autre point.
   *[other] et { $count } autres points.
}
notebook-letter-given = { $hours } d’aide de notre part
notebook-letter-received = { $hours } d’aide de votre part
notebook-letter-absent = le { $date }, { $theirs } : au registre ({ $reference }), pas dans notre carnet
notebook-letter-missing = le { $date }, { $ours } : dans notre carnet, pas au registre
notebook-letter-differs = le { $date }, { $ours }, selon notre carnet ; le registre dit { $theirs } ({ $reference })
notebook-letter-direction = le { $date }, { $ours }, selon notre carnet ; le registre dit l’inverse ({ $reference })
notebook-letter-other = le { $date }, { $ours }, selon notre carnet ; au registre : { $reference }
notebook-before = Les précédents
notebook-after = Les suivants
notebook-report = Compte rendu pour un tableur
notebook-print-hint = Cette page s’imprime : c’est le compte rendu à apporter en réunion.
said-notebook-read = C’est lu ainsi, et c’est retenu.
said-notebook-proposed = C’est proposé. L’autre association va recevoir la question et dira si c’est juste.
said-notebook-ours = C’est noté. La ligne à reprendre est plus bas, avec ce qu’il faut y écrire.
said-notebook-not-ours = La ligne est de nouveau à corriger.
said-notebook-forgotten = Votre carnet est oublié.
said-notebook-unlearned = C’est oublié.
said-notebook-gone = Votre carnet n’est plus ici : il a été oublié, ou une heure a passé. Rien n’a été fait. Déposez-le de nouveau.
said-notebook-other = Entre-temps un autre carnet a été posé ici : rien n’a été fait. Voici ce qu’il en est de celui-ci.
said-notebook-changed = Entre-temps le registre a changé : rien n’a été fait. Voici ce qu’il en est maintenant.
given-statement-title = Vérifier un relevé que j’ai reçu
given-statement-what = Donnez le relevé annuel de votre association, en fichier ou en PDF : ses chiffres et sa signature sont comparés au registre.
given-statement-choose = Votre relevé annuel
given-statement-check = Vérifier ce relevé
given-statement-kept = Rien n’en est gardé.
given-statement-too-large = Ce fichier pèse plus de { $megabytes } Mo : ce n’est pas un relevé.
given-statement-of = Relevé { $year } : { $name }
given-statement-agrees = Tout concorde : ce relevé dit ce que dit le registre.
given-statement-differs = Ce relevé ne dit pas ce que dit le registre, ou n’est pas signé par le réseau.
given-statement-ledger-says = le registre dit { $hours }
given-statement-then = Montrez cette page à la coordination du réseau, avec le relevé et la façon dont vous l’avez reçu.
given-statement-another = Vérifier un autre relevé
