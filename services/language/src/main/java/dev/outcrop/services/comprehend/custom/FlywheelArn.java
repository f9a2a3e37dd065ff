package dev.outcrop.services.comprehend.custom;

/**
 * The ARN of a flywheel, or of one of its datasets.
 *
 * @param name of the flywheel
 */
record FlywheelArn(String account, String region, String name) {
    static FlywheelArn of(String arn) {
        String[] parts = arn.split(":", 6);
        return new FlywheelArn(parts[4], parts[3], parts[5].split("/", 3)[1]);
    }
}
