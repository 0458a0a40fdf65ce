# Ce que disent les messages.

mail-hello = Bonjour { $name },
mail-hello-nobody = Bonjour,
mail-fact = Le { $day }, { $giver } a aidé { $receiver } : { $hours }.
mail-fact-skill = Le { $day }, { $giver } a aidé { $receiver } : { $hours } ({ $skill }).
mail-answer = Répondre
mail-see = Voir l’échange
mail-not-us = Ce n’était pas nous
mail-somebody = Quelqu’un
mail-link-is-yours = Ce lien est pour vous, pour répondre au nom de votre association ({ $own }), jusqu’à ce qu’une réponse soit donnée. Gardez-le : qui le suit peut répondre à votre place. Il n’ouvre rien d’autre.
mail-why = Vous recevez ce message parce que vous répondez pour { $own } ({ $network }).
mail-why-mediator = Vous recevez ce message parce que vous assurez la médiation ({ $network }).

mail-helped-you-subject = { $partner } dit vous avoir aidés : { $hours }, est-ce juste ?
mail-you-helped-subject = { $partner } dit que vous les avez aidés : { $hours }, est-ce juste ?
mail-proposal-before = Voici ce que { $partner } a noté :
mail-proposal-asked = Est-ce juste ? Vous pouvez dire oui, corriger la durée ou la date, ou dire non.
mail-amended-subject = { $partner } propose { $hours }, est-ce juste ?
mail-amended-before = { $partner } a corrigé ce qui était noté. Voici ce qui est proposé maintenant :
mail-correction-subject = { $partner } demande une correction : { $hours }
mail-correction-before = Cet échange était confirmé. { $partner } dit qu’il n’est pas juste :
mail-correction-asked = Vous pouvez l’annuler ou le garder tel quel.
mail-reminder-subject = Rappel : { $subject }
mail-reminder = Votre réponse manque encore. Elle prend une minute.
mail-last-reminder = C’est notre dernier message à ce sujet : la coordination va vous appeler.

mail-noted-for-you-subject = La coordination a noté pour vous : { $hours } avec { $partner }
mail-noted-for-you = La coordination l’a noté en votre nom. { $partner } va répondre.
mail-held-subject = D’accord, en attente : { $hours } avec { $partner }
mail-held = Vous êtes d’accord avec { $partner }. Un plafond du réseau est atteint : la coordination dira quand ces heures comptent.
mail-confirmed-subject = { $partner } a dit oui : { $hours }
mail-confirmed = { $partner } a confirmé. Les heures comptent.
mail-confirmed-by-mandate-subject = { $partner } a confirmé pour vous : { $hours }
mail-confirmed-by-mandate = { $partner } a confirmé en votre nom, comme votre accord le permet. Les heures comptent.
mail-confirmed-by-network-subject = Confirmé par la coordination : { $hours } avec { $partner }
mail-confirmed-by-network = La coordination a confirmé. Les heures comptent.
mail-contested-subject = { $partner } n’est pas d’accord : { $hours }
mail-contested = { $partner } n’est pas d’accord. La médiation va vous entendre tous les deux ; rien n’est compté d’ici là.
mail-withdrawn-subject = { $partner } retire ce qui était noté : { $hours }
mail-withdrawn = { $partner } a retiré ce qui était noté. Vous n’avez rien à faire.
mail-dismissed-subject = Classé sans suite : { $hours } avec { $partner }
mail-dismissed = Le réseau a classé cet échange avec { $partner } sans suite. Rien n’est compté.
mail-settled-subject = La médiation a tranché : { $hours } avec { $partner }
mail-settled = La médiation a décidé : cet échange avec { $partner } a bien eu lieu. Les heures comptent.
mail-released-subject = Les heures comptent : { $hours } avec { $partner }
mail-released = Cet échange avec { $partner } attendait. La coordination l’a laissé passer : les heures comptent.
mail-kept-subject = { $partner } garde l’échange tel quel : { $hours }
mail-kept = { $partner } ne veut pas corriger. L’échange reste compté tel quel.
mail-kept-by-network-subject = L’échange reste tel quel : { $hours } avec { $partner }
mail-kept-by-network = La coordination a répondu à la demande de correction : l’échange avec { $partner } reste compté tel quel.
mail-reversed-subject = { $partner } a annulé un échange : { $hours }
mail-reversed = { $partner } a annulé cet échange. Ces heures ne comptent plus.
mail-reversed-by-network-subject = Un échange est annulé : { $hours } avec { $partner }
mail-reversed-by-network = La coordination a annulé cet échange avec { $partner }. Ces heures ne comptent plus.

mail-by-link-subject = { $answerer } a dit oui à { $partner } : { $hours }
mail-by-link = { $answerer } a confirmé pour { $own }, par le lien d’un message :
mail-by-link-check = Tout va bien ? Vous n’avez rien à faire. Si ce n’était personne de chez vous, dites-le ici : une correction sera demandée.

mail-mediate-subject = Médiation : { $giver } et { $receiver } ne sont pas d’accord
mail-mediate = { $giver } et { $receiver } ne sont pas d’accord sur cet échange :

mail-digest-subject = { $network } : où vous en êtes
mail-digest-subject-waiting = { $count ->
    [one] Une réponse attendue, et où vous en êtes
   *[other] { $count } réponses attendues, et où vous en êtes
}
mail-stand-even = Vous avez donné autant que vous avez reçu.
mail-stand-given = Vous avez donné { $hours } de plus que vous n’avez reçu.
mail-stand-received = Vous avez reçu { $hours } de plus que vous n’avez donné.
mail-digest-waiting = À vous de répondre :
mail-digest-posted = Compté depuis le dernier point :
mail-digest-more = et d’autres
mail-digest-why = Vous avez choisi de recevoir ce point ({ $network }). Ne plus le recevoir : { $address }

mail-gathered-subject = { $count ->
    [one] { $name } : un échange a changé
   *[other] { $name } : { $count } échanges ont changé
}
mail-gathered-subject-waiting = { $count ->
    [one] { $name } : une réponse est attendue
   *[other] { $name } : { $count } réponses sont attendues
}
mail-gathered-told = Ce qui a changé :
mail-gathered-see = Voir les échanges

mail-role-subject = { $giver } vous confie un rôle
mail-role-delegate = Vous parlez maintenant pour { $giver } : vous notez l’aide donnée et reçue, et répondez aux autres.
mail-role-administrator = Vous tenez maintenant la page de { $giver } : qui parle pour elle, qui en fait partie, comment la joindre.
mail-role-coordinator = Vous assurez maintenant la coordination de { $network }.
mail-role-mediator = Vous assurez maintenant la médiation dans { $network }, quand deux associations ne sont pas d’accord.
mail-role-auditor = Vous pouvez maintenant tout lire dans { $network }, pour vérifier les comptes.
mail-role-enter = Entrer avec cette adresse e-mail
mail-role-why = Vous recevez ce message parce que ce rôle vous a été donné ({ $network }). Si cela vous surprend, parlez-en à la coordination ; tant que vous n’entrez pas, vous n’avez rien à faire.
