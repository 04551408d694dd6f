//! Names of people, rooms and things, with the spelling that fits into an address.

use super::dice::Dice;

/// A person's name as written and as it stands in addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Given name, such as `Zoë`.
    pub first: String,
    /// Surname.
    pub last: String,
}

impl Name {
    /// A name.
    pub fn new(first: &str, last: &str) -> Self {
        Self {
            first: first.to_owned(),
            last: last.to_owned(),
        }
    }

    /// What the address book shows.
    pub fn display(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// The part of the address before the `@`: `Zoe.Akesson`.
    pub fn local_part(&self) -> String {
        format!("{}.{}", plain(&self.first), plain(&self.last))
    }

    /// The alias that the tenants give: `ZoeA`.
    pub fn alias(&self) -> String {
        let last = plain(&self.last);
        format!("{}{}", plain(&self.first), last.chars().next().unwrap_or('X'))
    }
}

/// The letters and digits of `text` in ASCII, as administrators transcribe them.
pub fn plain(text: &str) -> String {
    let mut result = String::new();
    for letter in text.chars() {
        match letter {
            'ä' => result.push_str("ae"),
            'ö' => result.push_str("oe"),
            'ü' => result.push_str("ue"),
            'Ö' => result.push_str("Oe"),
            'ß' => result.push_str("ss"),
            'å' | 'á' | 'ã' | 'à' | 'ả' => result.push('a'),
            'Å' => result.push('A'),
            'é' | 'è' | 'ë' | 'ę' => result.push('e'),
            'í' | 'ı' => result.push('i'),
            'ø' | 'ó' | 'ô' => result.push('o'),
            'Ø' => result.push('O'),
            'ł' => result.push('l'),
            'Ł' => result.push('L'),
            'ç' => result.push('c'),
            'Ş' => result.push('S'),
            'ń' | 'ñ' => result.push('n'),
            'š' => result.push('s'),
            'ż' | 'ź' => result.push('z'),
            'Ż' | 'Ž' => result.push('Z'),
            letter if letter.is_ascii_alphanumeric() => result.push(letter),
            _ => {}
        }
    }
    result
}

/// The `number`th generated person; the first few hundred differ in their full name.
pub fn person(dice: &mut Dice, number: usize) -> Name {
    let first = FIRST[number % FIRST.len()];
    let last = LAST[(number / FIRST.len() + number * 7 + dice.roll(LAST.len() as u64) as usize) % LAST.len()];
    Name::new(first, last)
}

/// The name of the `number`th shared mailbox.
pub fn shared(number: usize) -> String {
    numbered(SHARED, number)
}

/// The name of the `number`th room.
pub fn room(number: usize) -> String {
    numbered(ROOMS, number)
}

/// The name of the `number`th piece of equipment.
pub fn equipment(number: usize) -> String {
    numbered(EQUIPMENT, number)
}

fn numbered(names: &[&str], number: usize) -> String {
    let name = names[number % names.len()];
    match number / names.len() {
        0 => name.to_owned(),
        round => format!("{name} {}", round + 1),
    }
}

/// Departments.
pub const DEPARTMENTS: &[&str] = &[
    "Finance",
    "Legal",
    "Sales",
    "Engineering",
    "Operations",
    "Marketing",
    "People",
    "Research & Development",
];

const FIRST: &[&str] = &[
    "Adele",
    "Zoë",
    "Marcus",
    "Łukasz",
    "Imani",
    "Jürgen",
    "Ravi",
    "François",
    "Mei",
    "Søren",
    "Aisha",
    "José",
    "Ursula",
    "Björn",
    "Noor",
    "Chloé",
    "Diego",
    "Małgorzata",
    "Kenji",
    "Siobhan",
    "Tomás",
    "Anneke",
    "Kwame",
    "Åsa",
    "Priya",
    "Henrik",
    "Yara",
    "Günther",
    "Leila",
    "Oleg",
    "Beatriz",
    "Samuel",
    "Thảo",
    "Victor",
    "Wanjiru",
    "Emre",
    "Katarína",
    "Hugo",
    "Ingrid",
    "Pavel",
];

const LAST: &[&str] = &[
    "Vance",
    "Åkesson",
    "Bauer",
    "Żółtowski",
    "Okafor",
    "Großmann",
    "Menon",
    "Lefèvre",
    "Tanaka",
    "Ødegård",
    "Rahman",
    "García",
    "Keller",
    "Sjöberg",
    "Haddad",
    "Dubois",
    "Muñoz",
    "Kowalska",
    "Yamada",
    "O'Brien",
    "Novák",
    "de Vries",
    "Mensah",
    "Lindqvist",
    "Sharma",
    "Holm",
    "Nasser",
    "Schäfer",
    "Farahani",
    "Petrov",
    "Carvalho",
    "Clarke",
    "Nguyen",
    "Moreau",
    "Kamau",
    "Şahin",
    "Horváth",
    "Ramos",
    "Berg",
    "Žukov",
    "Whitfield",
    "Castellano",
    "Fitzgerald",
];

const SHARED: &[&str] = &[
    "Accounts Payable",
    "Helpdesk",
    "Press Office",
    "Careers",
    "Order Desk",
    "Facilities",
    "Privacy Office",
    "Travel Desk",
];

const ROOMS: &[&str] = &[
    "Room Aurora",
    "Room Borealis",
    "Room Cascade",
    "Room Delta",
    "Room Empire",
    "Room Fjord",
];

const EQUIPMENT: &[&str] = &["Projector 1", "Delivery Van", "Camera Kit", "Forklift"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_ascii_letters_only() {
        assert_eq!(Name::new("Zoë", "Åkesson").local_part(), "Zoe.Akesson");
        assert_eq!(Name::new("Łukasz", "Żółtowski").alias(), "LukaszZ");
        assert_eq!(Name::new("Siobhan", "O'Brien").local_part(), "Siobhan.OBrien");
        assert!(
            FIRST
                .iter()
                .chain(LAST)
                .all(|name| plain(name).is_ascii() && !plain(name).is_empty())
        );
    }
}
