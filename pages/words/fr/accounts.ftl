accounts-title = Nos heures dans les comptes
accounts-what = Les heures de vos bénévoles pour les comptes annuels, et le texte pour l’annexe. Sans rien choisir, ce sont des heures ; les euros viennent si vous le demandez, au taux que vous écrivez.
accounts-from = Du
accounts-to = Au
accounts-to-before-from = Le dernier jour est avant le premier.
accounts-told = Ce qui est dit
accounts-hours-alone = Les heures seules
accounts-in-euros = Aussi en euros
accounts-rate = Taux, en euros par heure
accounts-source = D’où vient ce taux
accounts-rate-hint = Aucun taux n’est fixé par la loi. Prenez le même d’une année sur l’autre, et dites d’où il vient : l’annexe le reprend.
accounts-known-rate = Le SMIC horaire brut que nous connaissons à cette date : { $rate } € (depuis le { $since }). À vérifier.
accounts-no-rate = Écrivez le taux, par exemple 12,02.
accounts-no-source = Dites d’où vient ce taux, par exemple « SMIC horaire brut ».
accounts-too-much = À ce taux, le total dépasse ce qui se compte.
accounts-governance = Compter aussi le temps passé dans les instances
accounts-compute = Calculer
accounts-period = Du { $from } au { $to }
accounts-none = Aucune heure à compter ces jours-là. Elles se notent avec chaque échange (« qui l’a fait »), ou parmi les heures données à vous-mêmes.
accounts-total = En tout
accounts-at-rate = à { $rate } l’heure, { $source }
accounts-entry = L’écriture
accounts-debit = au débit
accounts-credit = au crédit
accounts-864 = Personnel bénévole
accounts-875 = Bénévolat
accounts-annex = Pour l’annexe
accounts-annex-hint = Un texte à reprendre ou à compléter. Le règlement ANC 2018-06 (art. 211-1 à 211-4) demande une méthode dite, et la même d’un exercice à l’autre ; si les heures ne sont pas valorisées, il demande pourquoi.
accounts-notes = À savoir
accounts-take = À emporter
accounts-workbook = Classeur (.xlsx)
accounts-table = Les heures (.csv)
accounts-paheko = L’écriture pour Paheko (.csv)
accounts-paheko-hint = Dans Paheko : importez ce fichier dans l’exercice qui contient le { $day }, au format « simplifié ». C’est une écriture nouvelle ; importée deux fois, elle y serait deux fois.
accounts-more = Pour les comptes et les dossiers
figures-title = Chiffres pour un dossier
figures-what = Ce que demandent les dossiers de subvention, dont le formulaire Cerfa n° 12156 : bénévoles, heures, équivalents temps plein, et comment chacun est compté.
figures-other-days = D’autres jours
figures-volunteers = Bénévoles
figures-volunteers-how = Les personnes différentes qui ont donné du temps en votre nom ces jours-là, quelle qu’en soit la durée.
figures-hours = Heures
figures-hours-how = Leur temps pour vous et, en votre nom, pour d’autres associations ; par date de service, annulations déduites.
figures-full-time = Équivalents temps plein
figures-full-time-how = Ces heures divisées par { $divisor } h, la durée légale d’une année à temps plein (Code du travail, art. L. 3121-41).
figures-untold = S’y ajoutent { $hours } d’aide sans que soit dit qui l’a donnée : elles ne sont comptées nulle part ici. La page de chaque échange permet de le dire.
figures-qualities = En quelle qualité
figures-qualities-hint = Qui a aidé en plusieurs qualités figure dans chacune ; en tout, c’est une personne.
figures-others = Ce ne sont pas des bénévoles
figures-persons = { $count ->
    [one] { $count } personne · { $full } équivalent temps plein
   *[other] { $count } personnes · { $full } équivalent temps plein
}
figures-computed = { $count ->
    [one] Calculé après { $count } acte du registre.
   *[other] Calculé après { $count } actes du registre.
}
engagement-title = Compte d’engagement citoyen
engagement-what = Les heures passées dans vos instances, ou à encadrer d’autres bénévoles : celles que le compte d’engagement citoyen peut retenir.
engagement-in = En { $year }, dans notre association
engagement-none = Personne n’a d’heures de gouvernance ou d’encadrement cette année-là.
engagement-200 = 200 h atteintes ici
engagement-100 = 100 h atteintes ici
engagement-below = moins de 100 h ici
engagement-rule = La règle
engagement-rule-hours = 200 h au moins dans l’année civile, dans une ou plusieurs associations, dont 100 h dans l’une d’elles. L’association doit être déclarée depuis un an au moins.
engagement-rule-when = La personne déclare ses heures entre le 1er janvier et le 30 juin { $next } ; l’association confirme au plus tard le 31 décembre { $next }.
engagement-no-right = Ce sont des chiffres, jamais un droit.
engagement-elsewhere = Ce que quelqu’un donne dans une autre association ne se lit pas ici. La personne trouve toutes ses heures sous « Mes heures » et les additionne elle-même.
