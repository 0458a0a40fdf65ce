//! What the tests of pages see with is not blind: a page with every fault that is looked for.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use super::browser::Browser;
use super::looking::{barriers, overflowing, small_targets};
use super::page::Page;
use super::tab::{Eyes, Key, Tab};

const BAD: &str = r#"<!doctype html><html><head><title>Bad</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><script>absent()</script></head><body>
<img src="http://elsewhere.example/pixel.png"><h1>One</h1><h1>Two</h1><a href="/">x</a>
<div style="width: 900px; height: 10px">wide</div>
<form method="post"><input name="nobody" id="twice"><p id="twice">text</b><p><button></button></form></body></html>"#;

const GOOD: &str = r#"<!doctype html><html lang="fr"><head><title>Bien</title>
<meta name="viewport" content="width=device-width,initial-scale=1"></head><body><main><h1>Bonjour</h1>
<form><fieldset><legend>Qui a aidé ?</legend>
<label><input type="radio" name="side" value="us" checked> Nous avons aidé</label>
<label><input type="radio" name="side" value="them"> On nous a aidés</label></fieldset>
<label>Combien de temps <input name="time" value="1h"></label> <button>Envoyer</button></form>
<p id="said">Rien</p></main></body></html>"#;

/// A service that answers each address with one page, until the process ends.
fn pages(pages: &'static [(&'static str, &'static str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let answer = move |mut stream: TcpStream| {
        let mut lines = BufReader::new(stream.try_clone()?).lines().map_while(Result::ok);
        let first = lines.next().unwrap_or_default();
        lines.find(String::is_empty);
        let path = first.split([' ', '?']).nth(1).unwrap_or_default();
        let (_, page) = pages.iter().find(|(known, _)| *known == path).unwrap_or(&("", ""));
        let language = "content-type: text/html; charset=utf-8";
        write!(
            stream,
            "HTTP/1.1 200 OK\r\n{language}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
            page.len()
        )
    };
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A browser opens connections that it does not use.
            let _ = thread::spawn(move || answer(stream));
        }
    });
    address
}

#[test]
fn faults_are_seen() {
    let address = pages(&[("/", BAD)]);
    let mut tab = Tab::before(&address, "faults", Eyes::PHONE);
    tab.open("/");
    let found = barriers(&tab).join("\n");
    for rule in ["image-alt", "button-name", "html-has-lang", "label"] {
        assert!(found.contains(&format!("{rule}: ")), "{rule}\n{found}");
    }
    assert_ne!(overflowing(&tab), Vec::<String>::new());
    assert_ne!(small_targets(&tab), Vec::<String>::new());
    let complaints = tab.complaints().join("\n");
    assert!(complaints.contains("http://elsewhere.example/pixel.png is asked for"), "{complaints}");
    assert!(complaints.contains("absent is not defined"), "{complaints}");

    insta::assert_snapshot!(Page::read(BAD).faults.join("\n"), @r"
    <script> within the page, which its own policy forbids
    <img> without a word for those who do not see it
    style on <div>, which the page's own policy forbids
    the field “nobody” has no name that is read out
    #twice is there twice
    a button that says nothing
    the HTML is not sound: Found special tag while closing generic tag
    ");
}

#[test]
fn a_page_is_used_as_a_person_does() {
    let address = pages(&[("/", GOOD)]);
    for eyes in [Eyes::PHONE, Eyes::DESK.in_the_dark(), Eyes::PHONE.without_script()] {
        let mut tab = Tab::before(&address, "good", eyes);
        tab.open("/");
        // axe waits for timers, which do not run without scripts.
        if !eyes.without_script {
            assert_eq!(barriers(&tab), Vec::<String>::new());
        }
        assert_eq!(tab.eval("matchMedia('(prefers-color-scheme: dark)').matches"), eyes.in_the_dark);
        assert_eq!(tab.eval("innerWidth"), eyes.width);
        tab.tap("On nous a aidés");
        tab.write("Combien de temps", "2h30");
        assert_eq!((tab.effort.taps, tab.effort.keys), (2, 4));
        tab.follow("Envoyer");
        assert_eq!(tab.path(), "/?side=them&time=2h30");

        tab.walk_to("On nous a aidés");
        tab.walk_to("Combien de temps");
        tab.type_in("3");
        tab.press_and_follow(Key::Enter);
        assert_eq!(tab.path(), "/?side=them&time=3");
        tab.close();
    }
}

#[test]
fn a_page_is_read_without_a_screen() {
    let address = pages(&[("/", GOOD)]);
    let mut browser = Browser::before(&address, "fr");
    browser.open("/").expect(200).reads("Combien de temps [1h]");
    assert_eq!(browser.page.faults, Vec::<String>::new());
    insta::assert_snapshot!(browser.page.text, @r"
    # Bonjour
    Qui a aidé ?
    (•) Nous avons aidé
    ( ) On nous a aidés
    Combien de temps [1h]
    <Envoyer>
    Rien
    ");
    browser.choose("On nous a aidés").write("Combien de temps", "2 h 30 & demie").press("Envoyer").expect(200);
    assert_eq!(browser.path, "/?side=them&time=2+h+30+%26+demie");
}

#[test]
fn scripts_are_off_and_the_network_is_cut_when_said() {
    const TALKING: &str =
        "<!doctype html><title>T</title><p id=said>before</p><script>said.textContent = 'after'</script>";
    let address = pages(&[("/", TALKING)]);
    for (eyes, said) in [(Eyes::PHONE, "after"), (Eyes::PHONE.without_script(), "before")] {
        let mut tab = Tab::before(&address, "talking", eyes);
        tab.open("/");
        assert_eq!(tab.eval("document.getElementById('said').textContent"), said);
        tab.tell_cut_off(true);
        assert_eq!(tab.eval("navigator.onLine"), false);
        assert_eq!(tab.eval("fetch('/').then(() => 'there', () => 'cut off')"), "cut off");
        tab.tell_cut_off(false);
        assert_eq!(tab.eval("fetch('/').then(() => 'there', () => 'cut off')"), "there");
        tab.close();
    }
}
