/**
 * AWS S3 Control: Block Public Access of accounts, access points, which answer 501 where a VPC is wanted, and the tags of
 * access points and buckets. Access grants, batch jobs, Storage Lens and S3 on Outposts answer 501.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_AWS_S3_Control.html">AWS S3 Control API
 *     reference</a>
 */
package dev.outcrop.services.s3control;
