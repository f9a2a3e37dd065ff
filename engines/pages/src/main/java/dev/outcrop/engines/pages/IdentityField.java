package dev.outcrop.engines.pages;

import java.time.LocalDate;
import java.util.Optional;

/**
 * Something that an identity paper says.
 *
 * @param type       such as {@code DATE_OF_BIRTH}
 * @param text       as it stands there; empty where it was not found
 * @param date       what date that is, if it is one
 * @param confidence 0 to 1
 */
public record IdentityField(String type, String text, Optional<LocalDate> date, double confidence) {}
