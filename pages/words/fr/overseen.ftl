oversee-title = { $giver } a aidé { $receiver }
oversee-waits = { $days ->
    [0] attend la réponse de { $name }
    [1] attend la réponse de { $name } depuis hier
   *[other] attend la réponse de { $name } depuis { $days } jours
}
oversee-correction = { $days ->
    [0] confirmé, { $name } demande une correction
    [1] confirmé, { $name } demande une correction depuis hier
   *[other] confirmé, { $name } demande une correction depuis { $days } jours
}
oversee-contested = désaccord, à la médiation de décider
oversee-held = d’accord des deux côtés, attend votre décision
oversee-list-title = Échanges du réseau
oversee-association = Association
oversee-speaker = Noté par
oversee-asked-by = Correction demandée par
oversee-sides = Les deux associations
oversee-decide = Décider
oversee-before = Maintenant
oversee-after = Après
oversee-unchanged = Rien n’est compté, les soldes ne changent pas.
oversee-release-title = Compter ces heures malgré la limite
oversee-release-then = { $hours } seront comptées. Les deux associations le verront sur leur page, avec votre raison ; elle est scellée avec la décision.
oversee-release = Compter ces heures
oversee-confirm-title = Confirmer à la place de l’association qui ne répond pas
oversee-confirm-then = { $hours } seront comptées. Les deux associations le verront sur leur page, avec votre raison et la preuve, et pourront demander une correction.
oversee-confirm = Confirmer à sa place
oversee-settle-title = C’est arrivé : décider combien de temps
oversee-settle-minutes = Combien de temps en tout
oversee-settle-then = « Après » est calculé avec { $hours } ; c’est ce que vous écrivez qui sera compté. Les deux associations liront votre raison.
oversee-settle = Décider ainsi
oversee-keep-title = Rien à corriger : l’échange est juste
oversee-keep-then = Les { $hours } restent comptées. Les deux associations liront votre raison.
oversee-keep = Garder cet échange
oversee-reverse-title = Il est faux : ne plus le compter
oversee-reverse-then = Les { $hours } ne seront plus comptées. L’échange et son annulation restent lisibles ; les deux associations liront votre raison et pourront noter ce qui s’est vraiment passé.
oversee-reverse = Annuler cet échange
oversee-dismiss-title = Ne pas compter ces heures
oversee-dismiss-then = Les { $hours } ne seront pas comptées. Les deux associations liront votre raison.
oversee-dismiss = Classer sans suite
oversee-noted-by-yourself = Vous l’avez noté vous-même pour une des deux associations : ce n’est pas à vous de répondre pour l’autre. Si les deux vous l’ont dit, classez-le sans suite et notez un échange convenu entre elles.
oversee-belongs-to-side = Vous faites partie de { $name } : une autre personne doit servir de médiateur.
oversee-back = Revenir à la liste
contested-title = Désaccords
contested-hint = Appelez les deux associations, puis décidez : combien de temps, ou rien.
contested-none = Aucun désaccord en ce moment.
evidence-how = Comment le savez-vous ?
evidence-telephone = Par téléphone
evidence-paper = Fiche signée
evidence-reference = Qui vous a parlé, ou le numéro de la fiche
evidence-telephone-said = Téléphone, { $said }, le { $date }
evidence-paper-said = Fiche { $said }, reçue le { $date }
evidence-missing = Dites qui vous a parlé, ou le numéro de la fiche.
evidence-too-long = C’est trop long ; un nom ou un numéro suffit.
balance-even = a donné autant que reçu
balance-given = a donné { $hours } de plus que reçu
balance-received = a reçu { $hours } de plus que donné
limit-floor-of = Cet échange ferait passer { $name } au-delà de sa limite : { $limit } reçues de plus que données.
limit-ceiling-of = Cet échange ferait passer { $name } au-delà de sa limite : { $limit } données de plus que reçues.
said-released = C’est fait : ces heures sont comptées.
said-confirmed = C’est confirmé : ces heures sont comptées.
said-settled = C’est décidé : ces heures sont comptées.
said-dismissed = C’est classé sans suite. Rien n’a été compté.
