package dev.outcrop.services.sns;

import java.util.Optional;

/**
 * The SMTP server that messages to e-mail addresses are handed to.
 *
 * @param port     such as 587, or 465 where the connection is encrypted from its beginning
 * @param security how the connection is encrypted
 * @param login    who the server is told to be speaking to, where it asks
 * @param from     the address that messages come from
 */
public record MailServer(String host, int port, Security security, Optional<Login> login, String from) {
    /** How a connection is encrypted. */
    public enum Security {
        /** Not at all: for servers on the same machine. */
        NONE,
        /** After a beginning in the clear, which the server must agree to end. */
        STARTTLS,
        /** From its beginning. */
        TLS
    }

    /** A name and a password. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }
}
