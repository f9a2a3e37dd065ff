package dev.outcrop.services.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import software.amazon.awssdk.utils.Lazy;

/**
 * Sends messages to e-mail addresses.
 *
 * <p>Source: "Email notifications" of the Amazon SNS developer guide; RFC 5321.
 */
final class Mail {
    private static final String LIMIT = String.valueOf(Duration.ofSeconds(15).toMillis());

    private final MailServer server;
    private final Lazy<Session> session;

    Mail(MailServer server) {
        this.server = server;
        session = new Lazy<>(() -> session(server));
    }

    private static Session session(MailServer server) {
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol", "smtp");
        properties.setProperty("mail.smtp.host", server.host());
        properties.setProperty("mail.smtp.port", String.valueOf(server.port()));
        properties.setProperty("mail.smtp.connectiontimeout", LIMIT);
        properties.setProperty("mail.smtp.timeout", LIMIT);
        properties.setProperty("mail.smtp.writetimeout", LIMIT);
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        switch (server.security()) {
            case NONE -> {}
            case STARTTLS -> {
                properties.setProperty("mail.smtp.starttls.enable", "true");
                properties.setProperty("mail.smtp.starttls.required", "true");
            }
            case TLS -> properties.setProperty("mail.smtp.ssl.enable", "true");
        }
        Optional<Authenticator> login = server.login().map(Mail::authenticator);
        properties.setProperty("mail.smtp.auth", String.valueOf(login.isPresent()));
        return Session.getInstance(properties, login.orElse(null));
    }

    private static Authenticator authenticator(MailServer.Login login) {
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(login.user(), login.password());
            }
        };
    }

    /** Whether {@code address} is one that messages can be sent to: a single mailbox, without a name. */
    static boolean isAddress(String address) {
        try {
            InternetAddress[] parsed = InternetAddress.parse(address, true);
            return parsed.length == 1 && parsed[0].getAddress().equals(address) && address.indexOf('@') > 0;
        } catch (AddressException malformed) {
            return false;
        }
    }

    /** Hands a text over to the server. */
    Outcome send(String to, String subject, String text) {
        try {
            MimeMessage message = new MimeMessage(session.getValue());
            message.setFrom(new InternetAddress(server.from(), true));
            message.setRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
            message.setSubject(subject, UTF_8.name());
            message.setText(text, UTF_8.name());
            Transport.send(message);
            return new Outcome.Delivered();
        } catch (SendFailedException refused) {
            boolean gone = refused.getInvalidAddresses() != null && refused.getInvalidAddresses().length > 0;
            return new Outcome.Failed("SendFailed", String.valueOf(refused.getMessage()), !gone);
        } catch (AuthenticationFailedException refused) {
            return new Outcome.Failed("Authentication", "The mail server refuses the login", true);
        } catch (AddressException malformed) {
            return new Outcome.Failed("InvalidEndpoint", String.valueOf(malformed.getMessage()), false);
        } catch (MessagingException failure) {
            return new Outcome.Failed("Connection", String.valueOf(failure.getMessage()), true);
        }
    }
}
