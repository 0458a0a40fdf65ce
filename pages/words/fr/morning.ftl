tab-morning = À faire
tab-members = Réseau
morning-title = { $count ->
    [0] Rien à faire ce matin
    [1] Une chose ce matin
    [2] Deux choses ce matin, dans l’ordre
    [3] Trois choses ce matin, dans l’ordre
    [4] Quatre choses ce matin, dans l’ordre
    [5] Cinq choses ce matin, dans l’ordre
    [6] Six choses ce matin, dans l’ordre
    [7] Sept choses ce matin, dans l’ordre
    [8] Huit choses ce matin, dans l’ordre
    [9] Neuf choses ce matin, dans l’ordre
    [10] Dix choses ce matin, dans l’ordre
   *[other] { $count } choses ce matin, dans l’ordre
}
morning-nothing = Personne à appeler, rien à décider. Bonne journée.
morning-call = Appeler : { $name }
morning-overdue = { $count ->
    [1] Un échange attend sa réponse depuis { $days } jours.
   *[other] { $count } échanges attendent sa réponse, le plus ancien depuis { $days } jours.
}
morning-call-others = Appeler ensuite : { $count ->
    [1] une autre association
   *[other] { $count } autres associations
}
morning-call-others-why = Des échanges attendent aussi la réponse de { $names }.
morning-call-others-act = Voir les échanges
morning-say-received = Bonjour, { $partner } dit vous avoir aidés { $hours } le { $date }. Est-ce juste ?
morning-say-given = Bonjour, { $partner } dit que vous les avez aidés { $hours } le { $date }. Est-ce juste ?
morning-correction = On lui demande depuis { $days } jours de corriger un échange confirmé.
morning-say-correction = Bonjour, { $partner } pense que les { $hours } du { $date } sont à corriger. Qu’en dites-vous ?
morning-about = { $hours } avec { $partner }, le { $date }
reach-ask-for = Demander { $name }.
reach-paper = Sans ordinateur.
morning-add-contact = Noter un téléphone
morning-held-floor = Décider : { $name } passerait sa limite, { $limit } reçues de plus que données
morning-held-ceiling = Décider : { $name } passerait sa limite, { $limit } données de plus que reçues
morning-held-free = Décider : { $giver } et { $receiver }, plus aucune limite ne s’y oppose
morning-held-why = { $hours } d’aide déjà donnée par { $giver } à { $receiver } le { $date } attendent depuis { $days ->
    [0] aujourd’hui.
    [1] hier.
   *[other] { $days } jours.
}
morning-held-act = Voir l’échange
morning-contested = Un désaccord : { $giver } et { $receiver }
morning-contested-why = { $hours } le { $date }, en question depuis { $days ->
    [0] aujourd’hui.
    [1] hier.
   *[other] { $days } jours.
}
morning-mediators = Peuvent servir de médiateur : { $names }.
morning-no-mediator = Aucun médiateur du réseau n’est étranger aux deux : donnez ce rôle à quelqu’un.
morning-give-role = Donner le rôle
morning-thread = Voir l’échange
morning-applicant = Admettre ou non : { $name }
morning-applicant-why = Demande du { $date }.
morning-applicant-act = Lire la demande
morning-silent = Sans nouvelles depuis { $days } jours
morning-silent-why = { $count ->
    [1] Une association : { $names }.
   *[other] { $count } associations : { $names }.
}
morning-say-silent = Bonjour, comment allez-vous ? Avez-vous besoin d’un coup de main, ou du temps à donner ?
morning-others = et { $count } de plus
morning-debts = { $count ->
    [1] Une association a beaucoup reçu
   *[other] { $count } associations ont beaucoup reçu
}
morning-debt-of = { $name } a reçu { $hours } de plus que donné (limite { $limit }).
morning-say-debt = Bonjour, le réseau aurait besoin de vous : quel coup de main pourriez-vous donner ce mois-ci ?
morning-hoards = { $count ->
    [1] Une association a beaucoup donné
   *[other] { $count } associations ont beaucoup donné
}
morning-hoard-of = { $name } a donné { $hours } de plus que reçu (limite { $limit }).
morning-say-hoard = Bonjour, vous avez beaucoup donné : de quoi auriez-vous besoin à votre tour ?
morning-names = Voir les noms
morning-bounced = Un courriel revient : { $address }
morning-bounced-why = { $name } n’y reçoit plus rien depuis le { $date } ({ $reason }).
morning-bounced-act = Voir la personne
morning-unsealed = Le registre n’est plus scellé depuis { $days } jours
morning-unsealed-why = Ce qui est noté depuis le { $date } n’est couvert par aucune signature. Demandez à qui tient le serveur si la clé du réseau y est encore, et où sont les sauvegardes.
limit-decided = Limite décidée par : { $decision } (depuis le { $date }).
limit-since = Limite en vigueur depuis le { $date }.
morning-backup = Demander une sauvegarde
morning-backup-of = La dernière est du { $date }. Demandez à qui tient le service d’en faire une : « coudemain sauvegarder ».
morning-backup-never = Aucune n’a encore été faite avec « coudemain sauvegarder ». Demandez à qui tient le service comment le réseau est sauvegardé.
morning-keys = Faire changer les clés du réseau
morning-keys-why = Elles servent depuis le { $date }. Demandez à qui tient le service de les remplacer : « coudemain clé remplacer ».
