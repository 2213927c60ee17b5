// tests/scenario/the_javascript_sdk_stores_objects.mjs: the calls of the_javascript_sdk_stores_objects.py; prints TAP.
import {
  CopyObjectCommand, CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, DeleteObjectsCommand, GetBucketLocationCommand,
  GetBucketVersioningCommand, GetObjectAttributesCommand, GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand, ListMultipartUploadsCommand,
  ListObjectVersionsCommand, NoSuchKey, paginateListObjectsV2, PutBucketVersioningCommand, PutObjectCommand, PutObjectTaggingCommand, S3Client,
  waitUntilObjectExists,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, writeFileSync } from "node:fs";
import { Readable } from "node:stream";
import { check, end, refused } from "./tap.mjs";

const MEBIBYTE = 1 << 20;

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
const body = async (answer) => Buffer.from(await answer.Body.transformToByteArray());

// The endpoint comes from AWS_ENDPOINT_URL, key and region from the environment, as in any program of a user.
const s3 = new S3Client({ maxAttempts: 1 });
const place = { Bucket: "js-box", Key: "a b/c+d&e=é" };

await s3.send(new CreateBucketCommand({ Bucket: "js-box" }));
check((await s3.send(new GetBucketLocationCommand({ Bucket: "js-box" }))).LocationConstraint === undefined, "us-east-1 has no location");

// ---- objects and checksums ----

const put = await s3.send(new PutObjectCommand({ ...place, Body: "text", ContentType: "text/plain", Metadata: { colour: "blue" } }));
check(put.ETag === '"1cb251ec0d568de6a929b520c4aed8d1"' && put.ChecksumCRC32, "PutObject, with the checksum that it sends by itself", put);
const got = await s3.send(new GetObjectCommand(place));
check((await body(got)).toString() === "text" && got.Metadata.colour === "blue" && got.ContentType === "text/plain", "GetObject", got.Metadata);
check((await body(await s3.send(new GetObjectCommand({ ...place, Range: "bytes=1-2" })))).toString() === "ex", "a range");
for (const algorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]) {
  const key = { Bucket: "js-box", Key: algorithm };
  const bytes = randomBytes(100_000);
  const answer = await s3.send(new PutObjectCommand({ ...key, Body: bytes, ChecksumAlgorithm: algorithm }));
  const back = await s3.send(new GetObjectCommand({ ...key, ChecksumMode: "ENABLED" }));
  check(answer[`Checksum${algorithm}`] && hash(await body(back)) === hash(bytes) && back[`Checksum${algorithm}`] === answer[`Checksum${algorithm}`],
    `${algorithm} is made, verified, kept and verified again`, answer);
  writeFileSync("file", bytes);
  const stream = { Body: createReadStream("file"), ContentLength: bytes.length, ChecksumAlgorithm: algorithm };
  const streamed = await s3.send(new PutObjectCommand({ ...key, ...stream }));
  check(streamed[`Checksum${algorithm}`] === answer[`Checksum${algorithm}`], "also of a stream, as a trailer", streamed);
  const head = await s3.send(new HeadObjectCommand(key));
  check(head.ContentLength === bytes.length && head.ContentEncoding === undefined, "whose chunks are not stored", head);
}
await refused("a wrong checksum", "BadDigest", s3.send(new PutObjectCommand({ ...place, Body: "other", ChecksumCRC32: "AAAAAA==" })));
check((await body(await s3.send(new GetObjectCommand(place)))).toString() === "text", "changes nothing");
const attributes = await s3.send(new GetObjectAttributesCommand({ ...place, ObjectAttributes: ["ETag", "Checksum", "ObjectSize"] }));
check(attributes.ObjectSize === 4 && attributes.Checksum.ChecksumCRC32 === put.ChecksumCRC32, "GetObjectAttributes", attributes);

// ---- parts ----

const large = randomBytes(12 * MEBIBYTE + 7);
async function* pieces() { for (let at = 0; at < large.length; at += 100_000) yield large.subarray(at, at + 100_000); }
const upload = new Upload({ client: s3, params: { Bucket: "js-box", Key: "large", Body: Readable.from(pieces()) }, partSize: 5 * MEBIBYTE });
const uploaded = await upload.done();
check(uploaded.ETag.endsWith('-3"'), "lib-storage uploads a stream of unknown length in parts", uploaded);
check(hash(await body(await s3.send(new GetObjectCommand({ Bucket: "js-box", Key: "large" })))) === hash(large), "whose bytes come back");
const part = await s3.send(new GetObjectCommand({ Bucket: "js-box", Key: "large", PartNumber: 3 }));
check((await body(part)).length === 2 * MEBIBYTE + 7 && part.PartsCount === 3, "and each of them alone");
for (const ChecksumAlgorithm of ["SHA256", "CRC64NVME"]) {
  const params = { Bucket: "js-box", Key: `large-${ChecksumAlgorithm}`, Body: large, ChecksumAlgorithm };
  const answer = await new Upload({ client: s3, params, partSize: 5 * MEBIBYTE }).done();
  check(answer[`Checksum${ChecksumAlgorithm}`], `in parts with ${ChecksumAlgorithm}`, answer);
}
const abandoned = new Upload({ client: s3, params: { Bucket: "js-box", Key: "abandoned", Body: Readable.from(pieces()) }, partSize: 5 * MEBIBYTE });
abandoned.on("httpUploadProgress", () => abandoned.abort());
await refused("an upload that is given up", "AbortError", abandoned.done());
const left = await s3.send(new ListMultipartUploadsCommand({ Bucket: "js-box" }));
check(left.Uploads === undefined || left.Uploads.every((one) => one.Key === "abandoned"), "leaves at most its own parts", left.Uploads);

// ---- the rest of a program's day ----

await s3.send(new CopyObjectCommand({ Bucket: "js-box", Key: "copy", CopySource: `js-box/${encodeURIComponent(place.Key)}` }));
check((await body(await s3.send(new GetObjectCommand({ Bucket: "js-box", Key: "copy" })))).toString() === "text", "CopyObject");
await s3.send(new PutObjectTaggingCommand({ Bucket: "js-box", Key: "copy", Tagging: { TagSet: [{ Key: "team", Value: "red" }] } }));
check((await s3.send(new GetObjectTaggingCommand({ Bucket: "js-box", Key: "copy" }))).TagSet[0].Value === "red", "tags");
const missing = await refused("a missing key", "NoSuchKey", s3.send(new GetObjectCommand({ Bucket: "js-box", Key: "none" })));
check(missing instanceof NoSuchKey && missing.$metadata.httpStatusCode === 404, "is an error of the SDK's own class", missing);
await refused("HEAD of a missing key", "NotFound", s3.send(new HeadObjectCommand({ Bucket: "js-box", Key: "none" })));
await refused("a bucket of nobody", "NoSuchBucket", s3.send(new PutObjectCommand({ Bucket: "nobodys", Key: "k", Body: "x" })));
await refused("a second first object", "PreconditionFailed", s3.send(new PutObjectCommand({ ...place, Body: "x", IfNoneMatch: "*" })));
check((await waitUntilObjectExists({ client: s3, maxWaitTime: 10 }, place)).state === "SUCCESS", "its waiter sees the object");

const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket: "js-box", Key: "signed", ContentType: "text/x" }), { expiresIn: 60 });
const sent = await fetch(url, { method: "PUT", body: "by URL", headers: { "Content-Type": "text/x" } });
check(sent.status === 200, "a presigned PUT", [url, sent.status, await sent.text()]);
const read = await fetch(await getSignedUrl(s3, new GetObjectCommand({ Bucket: "js-box", Key: "signed" })));
check((await read.text()) === "by URL" && read.headers.get("content-type") === "text/x", "a presigned GET");
const forged = await fetch(url.replace("signed?", "other?"), { method: "PUT", body: "x" });
check(forged.status === 403 && (await forged.text()).includes("SignatureDoesNotMatch"), "is good for one key only");

for (const forcePathStyle of [true, undefined]) {
  const styled = new S3Client({ maxAttempts: 1, forcePathStyle });
  const keys = [];
  for await (const page of paginateListObjectsV2({ client: styled, pageSize: 3 }, { Bucket: "js-box" })) keys.push(...page.Contents.map((one) => one.Key));
  check(keys.length === 11 && [...keys].sort().join() === keys.join(), `its paginator walks all pages (forcePathStyle ${forcePathStyle})`, keys);
}

await s3.send(new PutBucketVersioningCommand({ Bucket: "js-box", VersioningConfiguration: { Status: "Enabled" } }));
check((await s3.send(new GetBucketVersioningCommand({ Bucket: "js-box" }))).Status === "Enabled", "versioning");
const second = await s3.send(new PutObjectCommand({ ...place, Body: "second" }));
await s3.send(new DeleteObjectCommand(place));
check((await body(await s3.send(new GetObjectCommand({ ...place, VersionId: second.VersionId })))).toString() === "second", "a deleted version is read");
const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket: "js-box" }));
const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
check(DeleteMarkers.length === 1 && Objects.length === 13, "ListObjectVersions", Objects);
const gone = await s3.send(new DeleteObjectsCommand({ Bucket: "js-box", Delete: { Objects } }));
check(gone.Deleted.length === 13 && gone.Errors === undefined, "DeleteObjects", gone);
await s3.send(new DeleteBucketCommand({ Bucket: "js-box" }));
end();
