package dev.outcrop.services.secretsmanager;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.secretsmanager.model.GetRandomPasswordRequest;

/** Passwords that nobody can guess. */
final class RandomPasswords {
    private static final String LOWERCASE = "abcdefghijklmnopqrstuvwxyz";
    private static final String UPPERCASE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String NUMBERS = "0123456789";
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    private static final int USUAL = 32;

    private final SecureRandom random = new SecureRandom();

    String password(GetRandomPasswordRequest request) {
        List<String> types = new ArrayList<>();
        add(types, LOWERCASE, request.excludeLowercase(), request.excludeCharacters());
        add(types, UPPERCASE, request.excludeUppercase(), request.excludeCharacters());
        add(types, NUMBERS, request.excludeNumbers(), request.excludeCharacters());
        add(types, PUNCTUATION, request.excludePunctuation(), request.excludeCharacters());
        add(types, " ", !Boolean.TRUE.equals(request.includeSpace()), request.excludeCharacters());
        int length = Optional.ofNullable(request.passwordLength())
                .map(Long::intValue)
                .orElse(USUAL);
        boolean each = !Boolean.FALSE.equals(request.requireEachIncludedType());
        if (types.isEmpty()) {
            throw SecretRequests.invalidParameter("The password can't be made of no characters at all.");
        }
        if (each && length < types.size()) {
            throw SecretRequests.invalidParameter(
                    "The password length must be at least " + types.size() + " to have each included type.");
        }
        String all = String.join("", types);
        List<Character> password = new ArrayList<>();
        if (each) {
            types.forEach(type -> password.add(any(type)));
        }
        while (password.size() < length) {
            password.add(any(all));
        }
        Collections.shuffle(password, random);
        StringBuilder text = new StringBuilder(length);
        password.forEach(text::append);
        return text.toString();
    }

    private char any(String characters) {
        return characters.charAt(random.nextInt(characters.length()));
    }

    private static void add(List<String> types, String characters, Boolean excluded, String excludedCharacters) {
        if (Boolean.TRUE.equals(excluded)) {
            return;
        }
        String left = characters
                .chars()
                .filter(character -> excludedCharacters == null || excludedCharacters.indexOf(character) < 0)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        if (!left.isEmpty()) {
            types.add(left);
        }
    }
}
