//! What somebody signs in with, as they would call it: "Firefox sur Android". Browsers say much more of themselves, and in
//! riddles; nothing but these two words is kept.

/// What stands between the two words.
const AND: &str = ", ";

/// Browsers, each by what it alone says of itself. Most also say what others say: the first one that is found is meant.
const BROWSERS: [(&str, &str); 9] = [
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems, in the same way.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
    ("BSD", "BSD"),
];

/// A browser and what it runs on, as far as it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Device {
    /// The browser.
    pub browser: Option<&'static str>,
    /// The telephone or computer.
    pub system: Option<&'static str>,
}

impl Device {
    /// Reads what a browser says in `User-Agent`.
    pub fn of(user_agent: &str) -> Self {
        let named = |list: &'static [(&str, &str)]| {
            list.iter().find(|(said, _)| user_agent.contains(said)).map(|(_, name)| *name)
        };
        Self { browser: named(&BROWSERS), system: named(&SYSTEMS) }
    }

    /// As it is kept with a session.
    pub fn stored(self) -> String {
        [self.browser, self.system].map(Option::unwrap_or_default).join(AND)
    }

    /// Reads what is kept. What a program calls its session names no device.
    pub fn from_stored(text: &str) -> Self {
        let Some((browser, system)) = text.split_once(AND) else { return Self::default() };
        let named = |list: &'static [(&str, &str)], kept: &str| {
            list.iter().find(|(_, name)| *name == kept).map(|(_, name)| *name)
        };
        Self { browser: named(&BROWSERS, browser), system: named(&SYSTEMS, system) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_called_as_its_owner_calls_it() {
        for (user_agent, browser, system) in [
            ("Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", "Firefox", "Android"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox", "Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/17.7 Mobile/15E148 Safari/604.1",
                "Safari",
                "iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 \
                 Chrome/125.0.0.0 Mobile Safari/537.36",
                "Samsung Internet",
                "Android",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 \
                 Safari/537.36 Edg/131.0.0.0",
                "Edge",
                "Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/131.0.0.0 Safari/537.36",
                "Chrome",
                "Mac",
            ),
        ] {
            let device = Device::of(user_agent);
            assert_eq!(device, Device { browser: Some(browser), system: Some(system) }, "{user_agent}");
            assert_eq!(Device::from_stored(&device.stored()), device, "{user_agent}");
        }
    }

    #[test]
    fn what_is_not_known_is_no_device() {
        for text in ["", "curl/8.5.0", "<script>, Linux", "session", ", "] {
            assert_eq!(Device::from_stored(text).browser, None, "{text}");
        }
        assert_eq!(Device::of("curl/8.5.0"), Device::default());
        assert_eq!(Device::from_stored(&Device::default().stored()), Device::default());
    }
}
