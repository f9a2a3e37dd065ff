package dev.outcrop.engines.language.entities;

/** What {@link EntityTagger} finds. */
public enum EntityKind {
    /** A person's name. */
    PERSON,
    /** A place: country, city, river, building. */
    LOCATION,
    /** A company, authority, club or other group. */
    ORGANIZATION,
    /** Another name: of a product, work, event, nationality. */
    OTHER,
    /** A postal address or a part of one: street and number, box, flat, postal code with what it belongs to. */
    ADDRESS
}
