exchange-given = donné { $hours }
exchange-received = reçu { $hours }
exchange-any-skill = coup de main
exchange-said-given = { $partner } dit que vous les avez aidés
exchange-said-received = { $partner } dit vous avoir aidés
exchange-correction-said = { $partner } demande de corriger cet échange
exchange-waits-for-them = { $days ->
    [0] attend leur réponse
    [one] attend leur réponse depuis hier
   *[other] attend leur réponse depuis { $days } jours
}
exchange-waits-for-us = { $days ->
    [0] attend votre réponse
    [one] attend votre réponse depuis hier
   *[other] attend votre réponse depuis { $days } jours
}
exchange-correction-asked = confirmé, vous demandez une correction
exchange-correction-wanted = confirmé, une correction est demandée
exchange-contested = désaccord, la médiation regarde
exchange-held = d’accord des deux côtés, attend la coordination
exchange-confirmed = confirmé
exchange-reversed = annulé
exchange-withdrawn = retiré
exchange-dismissed = classé sans suite
exchange-title-given = Vous avez aidé { $partner }
exchange-title-received = { $partner } vous a aidés
exchange-what-for = Pour quoi
exchange-remark = Remarque
exchange-state = Où on en est
exchange-reference = Référence
exchange-replaces = Remplace un échange annulé
exchange-replaced-by = L’échange qui est à sa place
exchange-somebody = Quelqu’un de chez vous
exchange-next-proposed = { $partner } doit maintenant dire si c’est juste. Rien n’est compté d’ici là, et vous pouvez revenir dessus.
exchange-next-contested = Les deux associations ne sont pas d’accord. La médiation du réseau va vous joindre toutes les deux et décider.
exchange-next-held = Les deux associations sont d’accord. Une limite votée par le réseau est atteinte : la coordination décide quand ces heures sont comptées.
exchange-next-correction = Vous avez demandé une correction. { $partner } doit répondre ; d’ici là l’échange reste compté.
exchange-note-again = Noter ce qui s’est vraiment passé
exchange-proof = Preuve
exchange-proof-posted = Cet échange est compté et scellé dans le registre du réseau : personne ne peut plus le changer sans que cela se voie.
exchanges-title = Nos échanges
exchanges-filter = Choisir lesquels
exchanges-partner = Avec qui
exchanges-skill = Pour quoi
exchanges-year = Année
exchanges-state = Où ils en sont
exchanges-show = Montrer
exchanges-unfiltered = Tous les montrer
exchanges-none = Aucun échange ici.
exchanges-older = Plus anciens
step-is-it-right = Est-ce juste ?
step-minutes = Combien de temps en tout
step-date = Quel jour
step-almost = Proposer cela
step-almost-then = { $partner } recevra votre proposition et dira si elle lui va.
step-no = Dire non
step-no-then = { $partner } lira votre raison, et la médiation du réseau vous aidera à vous mettre d’accord.
step-reason = Pourquoi, en une phrase
step-reason-missing = Dites pourquoi, en une phrase.
step-correction = { $partner } dit que cet échange est faux
step-before = Maintenant
step-after = Sans cet échange
step-reverse-title = C’est vrai, il est faux
step-reverse = Annuler cet échange
step-reverse-then = { $partner } sera prévenue. L’échange et son annulation restent lisibles ; vous pourrez noter ce qui s’est vraiment passé.
step-keep-title = Non, il est juste
step-keep = Garder cet échange
step-who-title = Dire qui de nous l’a fait
step-who-hint = Le temps de chacun, seulement pour ceux qui étaient là. Ces heures comptent pour leur passeport.
step-who-missing = Dites le temps d’une personne au moins.
step-who = Enregistrer
step-withdraw-title = Revenir dessus
step-withdraw-then = { $partner } n’aura plus rien à répondre. Rien n’aura été compté.
step-withdraw = Retirer
step-correct-title = Demander une correction
step-correct-then = { $partner } recevra votre demande et y répondra ; si elle est d’accord, l’échange est annulé et vous noterez le bon.
step-correct = Envoyer la demande
answer-title = À vous de répondre
answer-hint = Laissez cochés ceux qui sont justes, puis confirmez-les ensemble.
answer-otherwise = Pas tout à fait, ou non
answer-all = Confirmer ceux qui sont cochés
answer-nothing = Rien n’attend votre réponse.
answer-corrections = Corrections demandées
answer-changed = { $partner } a changé ce qui est noté entre-temps : regardez de nouveau.
answer-none-ticked = Cochez au moins un échange.
