package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.CallContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreArnInvalidException;

/** How requests name event data stores: by ARN, or by the id at its end. */
final class EventStoreNames {
    private static final String ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:cloudtrail:([a-z0-9-]+):([0-9]{12}):eventdatastore/(" + ID + ")");
    private static final Pattern ID_ALONE = Pattern.compile(ID);

    private EventStoreNames() {}

    /**
     * The id of the store, in the region and account of the call, that a request names.
     *
     * @throws EventDataStoreArnInvalidException if it names none
     */
    static String id(String text) {
        CallContext call = CallContext.current();
        Matcher arn = ARN.matcher(text);
        if (ID_ALONE.matcher(text).matches()) {
            return text;
        }
        if (!arn.matches()
                || !arn.group(1).equals(call.region())
                || !arn.group(2).equals(call.account())) {
            throw EventDataStoreArnInvalidException.builder()
                    .message("The specified event data store ARN is not valid or does not map to an event data store in"
                            + " your account: " + text)
                    .build();
        }
        return arn.group(3);
    }

    static String arn(String account, String region, String id) {
        return "arn:aws:cloudtrail:" + region + ":" + account + ":eventdatastore/" + id;
    }
}
