package dev.outcrop.engines.language;

/** What {@link EntityFinder} finds. */
public enum EntityType {
    /** A person's name. */
    PERSON,
    /** A place. */
    LOCATION,
    /** A company, authority, club or other group. */
    ORGANIZATION,
    /** A branded product. */
    COMMERCIAL_ITEM,
    /** A festival, war, competition, feast. */
    EVENT,
    /** A date, day, month, year or time of day. */
    DATE,
    /** An amount of something: money, shares, numbers with their units. */
    QUANTITY,
    /** The name of a work: film, book, song. */
    TITLE,
    /** Another name. */
    OTHER
}
