//! Documents inside of PDFs and images.

use super::*;

/// A PDF with these files attached, and no pages.
pub(super) fn pdf_of(attached: &[&str]) -> String {
    let stream = |text: &&str| {
        format!("1 0 obj\n<</Type /EmbeddedFile /Length {}>>\nstream\n{text}\nendstream\nendobj\n", text.len())
    };
    format!("%PDF-1.7\n{}%%EOF\n", attached.iter().map(stream).collect::<String>())
}

#[test]
fn a_badge_in_its_image_is_the_same_badge() {
    let text = badge().to_string();
    let svg = baked_svg(&text);
    assert_eq!(from_svg(&svg).unwrap(), text);
    let report = verify(svg.as_bytes(), &Trust::default(), now());
    assert!(report.holds() && said(&report).contains("the drawing is the one"), "{}", said(&report));
    assert!(!verify(&svg.as_bytes()[..svg.len() - 30], &Trust::default(), now()).holds());
    assert!(!verify(b"<svg></svg>", &Trust::default(), now()).holds());
}

#[test]
fn an_envelope_holds_one_document_and_its_faces_are_not_believed() {
    let one = statement().to_string();
    let whole = pdf_of(&[&one]);
    let report = verify(whole.as_bytes(), &pinned(), now());
    assert_eq!((report.conclusion(), report.verdict()), (Conclusion::Trusted, Verdict::Unknown), "{}", said(&report));
    assert!(said(&report).contains("compare the printed figures with these"), "{}", said(&report));
    let changed = verify(format!("{whole}5 0 obj\nendobj\n%%EOF\n").as_bytes(), &pinned(), now());
    assert!(said(&changed).contains("changed after it was made (1 times)"), "{}", said(&changed));
    let another = one.replacen("Entraide", "Entraine", 1);
    let two = verify(pdf_of(&[&one, &another]).as_bytes(), &pinned(), now());
    assert!(!two.holds() && said(&two).contains("several signed documents"), "{}", said(&two));
    // The same one twice is one.
    assert!(verify(pdf_of(&[&one, &one]).as_bytes(), &pinned(), now()).holds());

    let badge = badge().to_string();
    let svg = baked_svg(&badge);
    let baked = svg.find("<openbadges:credential").unwrap();
    let end = svg.find("</openbadges:credential>").unwrap() + "</openbadges:credential>".len();
    let twice = format!("{}{}{}", &svg[..end], &svg[baked..end], &svg[end..]);
    let two = verify(twice.as_bytes(), &pinned(), now());
    assert!(!two.holds() && said(&two).contains("several badges"), "{}", said(&two));
}

#[test]
fn the_pages_of_a_pdf_are_the_networks_where_printing_again_gives_the_same_bytes() {
    let one = statement().to_string();
    let whole = pdf_of(&[&one]);
    let check = |pdf: &str, prints: &str| {
        let reprints = |signed: &[u8], pdf: &[u8]| {
            assert_eq!(signed, one.as_bytes());
            if pdf == prints.as_bytes() { Reprint::Same } else { Reprint::Another }
        };
        verify_with(pdf.as_bytes(), &pinned(), now(), &reprints)
    };
    let same = check(&whole, &whole);
    assert_eq!((same.conclusion(), same.verdict()), (Conclusion::Trusted, Verdict::Holds), "{}", said(&same));
    assert!(said(&same).contains("byte for byte"), "{}", said(&same));
    let digest = Digest(<sha2::Sha256 as sha2::Digest>::digest(&one).into()).to_hex();
    assert!(said(&same).replace(' ', "").contains(&digest), "{}", said(&same));
    let cases = [
        (whole.replace("%PDF-1.7", "%PDF-1.6"), "are not those that this version prints"),
        (format!("{whole}5 0 obj\n<<>>\nendobj\n%%EOF\n"), "was changed after it was made (1 times)"),
        (pdf_of(&[&one, "hello"]), "other files are attached to this PDF, too (1)"),
        (whole.replace("1 0 obj\n", "2 0 obj\n<</AA 3 0 R>>\nendobj\n1 0 obj\n"), "it holds “/AA”"),
        (whole.replace("1 0 obj\n", "2 0 obj\n<</JS(app.alert)>>\nendobj\n1 0 obj\n"), "it holds “/JS”"),
    ];
    for (pdf, sentence) in cases {
        let report = check(&pdf, &whole);
        assert_eq!((report.conclusion(), report.verdict()), (Conclusion::Trusted, Verdict::Unknown), "{sentence}");
        assert!(said(&report).contains("compare the printed figures with these"), "{}", said(&report));
        assert!(said(&report).contains(sentence), "{sentence}: {}", said(&report));
    }
    // What does not hold is not printed again.
    let changed = whole.replacen("Entraide", "Entraine", 1);
    let never = |_: &[u8], _: &[u8]| -> Reprint { panic!("printed again") };
    assert!(!verify_with(changed.as_bytes(), &pinned(), now(), &never).holds());
}

#[test]
fn a_picture_that_says_otherwise_than_the_badge_is_refused() {
    let text = badge().to_string();
    let svg = baked_svg(&text);
    let element = |inside: &str| format!("<openbadges:credential>{inside}</openbadges:credential>");
    let whole = element(&format!("<![CDATA[{text}]]>"));
    assert!(svg.contains(&whole));
    let in_place_of = |other: &str| svg.replacen(&whole, other, 1);
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    let cases: [(String, Verdict, &str); 19] = [
        (svg.replacen(">Cuisine<", ">Chef étoilé<", 1), Verdict::Fails, "the drawing says “Chef étoilé”"),
        (svg.replacen("aria-label=\"Cuisine\"", "aria-label='Chef'", 1), Verdict::Fails, "the drawing says “Chef”"),
        (svg.replacen("</g>", "<text>Chef</text></g>", 1), Verdict::Fails, "the drawing says “Chef”"),
        (svg.replacen("</g>", "<text>&#67;hef</text></g>", 1), Verdict::Fails, "the drawing says “Chef”"),
        (svg.replacen("</g>", "<title><![CDATA[Chef]]></title></g>", 1), Verdict::Fails, "the drawing says “Chef”"),
        (svg.replacen("#1d4f5f", "#000000", 1), Verdict::Unknown, "is not the one that the network makes"),
        (svg.replacen("</g>", "<text>Zoé Kervella</text></g>", 1), Verdict::Unknown, "is not the one that the network"),
        // What no browser draws.
        (svg.replacen(" aria-label=", "aria-label=", 1), Verdict::Fails, "cut short"),
        (svg.replacen(" aria-label=", " aria-label='x' aria-label=", 1), Verdict::Fails, "cut short"),
        (svg.replacen("</g>", "<text>A & B</text></g>", 1), Verdict::Fails, "cut short"),
        (svg.replacen("</g>", "<1text/></g>", 1), Verdict::Fails, "cut short"),
        // Only an element counts, and only one.
        (in_place_of(&format!("<!--{whole}-->")), Verdict::Fails, "holds no badge"),
        (in_place_of(&format!("<desc><![CDATA[{}]]></desc>", element("{}"))), Verdict::Fails, "holds no badge"),
        (in_place_of(&format!("<!--{}-->{whole}", element("{}"))), Verdict::Unknown, "is not the one that the network"),
        (in_place_of(&format!("{}{whole}", element("{}"))), Verdict::Fails, "several badges"),
        (in_place_of(&format!("<metadata>{whole}</metadata>{whole}")), Verdict::Fails, "several badges"),
        (svg.replacen("https://purl.imsglobal.org/ob/v3p0\"", "https://example.org/\"", 1), Verdict::Fails, "no badge"),
        (in_place_of(&element(&escaped)), Verdict::Unknown, "is not the one that the network makes"),
        (
            svg.replacen("<svg", "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg", 1),
            Verdict::Fails,
            "declares names of its own",
        ),
    ];
    for (image, verdict, sentence) in cases {
        let report = verify(image.as_bytes(), &pinned(), now());
        assert!(said(&report).contains(sentence), "{sentence}: {}", said(&report));
        assert_eq!(report.holds(), verdict != Verdict::Fails, "{sentence}: {}", said(&report));
    }
}
