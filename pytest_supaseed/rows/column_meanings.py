"""What columns are called: phrases, by the meaning that they stand for.

Here is what is clear from the column's own words. Words such as `name` or `code`, whose meaning depends on
whose they are, stand in `subject_meanings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.rows.column_words import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def _phrases(listed: Mapping[str, str]) -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple(
        (words_of(phrase), meaning) for meaning, phrases in listed.items() for phrase in phrases.split(",")
    )


PHRASES = _phrases(
    {
        "first_name": "first name,given name,forename,given names",
        "last_name": "last name,family name,maiden name",
        "middle_name": "middle name,middle initial",
        "full_name": "full name,legal full name,cardholder,contact person,assigned to,signed by,author,"
        "assignee,owner,typed signature,signed name,sender,recipient,creator,uploader,requester,invitee,"
        "inviter,composer,realname,"
        "real name,artist,director,instructor,speaker,manager,cardholder name,name on card",
        "display_name": "display name,screen name,preferred name,public name",
        "sorted_name": "sort name,file as",
        "nickname": "nickname,nick name,pen name,alias",
        "initials": "initials",
        "email": "email address,login email,from email,to email,reply to,cc,bcc,email confirm",
        "username": "username,user name,login,handle,login name,account name,created by,updated by,"
        "modified by,deleted by,by,approved by,changed by,twitter,instagram,github,telegram,nick handle",
        "honorific": "salutation,honorific,name prefix",
        "gender": "gender,sex",
        "pronouns": "pronouns,pronoun",
        "job_title": "job title,occupation,profession,job role,job position,designation",
        "department": "department,division",
        "marital_status": "marital status",
        "street": "street,street address,address line,address line 1,address 1,line 1,street 1,"
        "street line 1,address street,street line,address1,line1",
        "street_name": "street name",
        "house_number": "house number,street number,building number",
        "second_line": "address line 2,address 2,line 2,street 2,apartment,suite,apartment number,"
        "unit number,address line 3,address 3,line 3",
        "address": "full address,formatted address",
        "location": "location,place,hometown,whereabouts,destination,zone",
        "city": "city,town,municipality,locality,suburb,village",
        "region": "region,province,county,state province,prefecture,administrative area,district",
        "region_code": "region code,state code,province code,state abbr,state abbreviation",
        "postcode": "postcode,postal,post code,postal code",
        "country": "country,country name,nation",
        "nationality": "nationality,citizenship",
        "country_code": "country code,country iso,iso country,country iso2,iso2,iso 2,iso alpha 2,alpha 2,"
        "country iso 2,country code 2,cca2",
        "country_code3": "iso3,iso 3,alpha 3,country code 3,country iso 3,cca3",
        "phone": "phone,phone number,mobile,mobile number,cell,cell number,cell phone,mobile phone,landline,"
        "whatsapp,contact number,fax,fax number,phone 2,fax phone,fax phone number",
        "dial_code": "dial code,phone code,calling code,phone country code,phone prefix,dialling code",
        "currency": "currency,currency code,iso currency,iso4217,currency iso",
        "currency_symbol": "currency symbol",
        "time_zone": "time zone,time zone name,iana time zone",
        "language": "language,language code,preferred language",
        "language_name": "language name",
        "locale": "locale,culture,locale code",
        "company": "company,company name,organization,organization name,employer,vendor,supplier,brand,"
        "manufacturer,business name,merchant,trading name,publisher,carrier,bank,bank name,brand name",
        "legal_name": "legal name,legal entity,registered name",
        "legal_form": "legal form",
        "company_domain": "domain,domain name,company domain,email domain,custom domain",
        "company_website": "website,homepage,company website,company url,web site,website url,home page,"
        "site url",
        "company_email": "company email,support email,billing email,office email,info email,sales email,"
        "admin email",
        "company_subdomain": "subdomain",
        "industry": "industry,sector",
        "team": "team,team name,workspace,workspace name,squad",
        "tax_number": "tax number,vat number,tax id,vat id,vat,tin,ein,tax code,registration number",
        "colour": "colour,hex,colour hex,hex colour,background,background colour,colour code,foreground",
        "colour_name": "colour name",
        "colour_rgb": "rgb",
        "image file_url": "avatar,image,picture,photo,logo,thumbnail,cover,banner,icon,poster,screenshot,"
        "favicon,cover image,profile image,profile picture,image src",
        "image file_path": "image path,avatar path,photo path,logo path",
        "image alt_text": "alt,alt text,image alt",
        "file file_name": "file name,original name,original filename,original file name,attachment name",
        "file file_path": "file path,object path,storage path,storage key,file key,s3 key,path name",
        "file file_url": "file url,attachment,download url,file,document url,attachment url",
        "file file_extension": "extension,file extension,file ext",
        "file media_type": "mime,mime type,content type,media type",
        "file media_sort": "file type,document type,attachment type",
        "video file_url": "video,video url,trailer,trailer url",
        "audio file_url": "audio,audio url,recording url",
        "url": "url,link,href,website link,target url,source url,referrer,referer,redirect to,redirect url,"
        "callback url,return url,permalink,token endpoint,authorization endpoint,"
        "userinfo endpoint,issuer",
        "webhook_url": "webhook,webhook url,hook url,endpoint url",
        "repository_url": "repository,repo,repo url,repository url,git url",
        "page_path": "route,pathname,page path,href path,endpoint,page",
        "host": "host,host name,server name,hostname",
        "ip": "ip,ip address,remote addr,remote address,client ip,ipv4",
        "ip6": "ipv6",
        "mac": "mac,mac address",
        "port": "port",
        "user_agent": "user agent",
        "time_stamp": "timestamp,at,created,updated,datetime,date time",
        "date": "date,on,day,due,deadline,start date,end date",
        "clock": "time,hour,opening time,closing time",
        "month": "month,period",
        "year": "year",
        "weekday": "weekday,day of week,week day",
        "birthday": "birthday,birth date,date of birth,birthdate",
        "amount": "amount,price,total,cost,balance,subtotal,fee,salary,rate,tax,discount,budget,revenue",
        "quantity": "quantity,count,size bytes,width,height,weight,length,duration,age,sort order,order,"
        "rank,score",
        "percentage": "percent,percentage",
        "latitude": "latitude,lat",
        "longitude": "longitude,lng,lon",
        "token": "token,secret,nonce,encrypted,ciphertext,iv,hmac,jti,challenge,verifier,certificate,cert,"
        "identifier,api key,secret key,access token,refresh token,private key,public key,salt,otp,"
        "client secret,session token,csrf,invite code,invitation code,share code,invite token,fingerprint",
        "hash": "hash,checksum,digest,sha256,sha,signature,key hash,token hash",
        "digest_md5": "md5,etag",
        "commit": "commit,commit sha,commit hash,revision",
        "password": "password,password hash,encrypted password,hashed password,password digest,hash password,"
        "password encrypted,crypted password",
        "uuid": "uuid",
        "reference": "reference,reference number,booking code,confirmation code,confirmation number,"
        "case number,order reference,external reference,booking reference",
        "discount_code": "coupon,coupon code,promo code,voucher,voucher code,discount code,referral code,"
        "promotion code",
        "sku": "sku,article number,part number,item number,product code,item code,model number",
        "barcode": "barcode,ean,gtin,upc,ean13",
        "isbn": "isbn,isbn13",
        "pin": "pin,passcode,verification code,pin code,one time code",
        "serial": "serial,serial number,tracking number,tracking code,imei,vin,batch number,lot number",
        "plate": "plate,license plate,licence plate,number plate,registration plate",
        "card_number": "card number,credit card,credit card number",
        "last_digits": "last4,last 4,last four,card last4,card last 4",
        "card_brand": "card brand,card type,card network",
        "bank_account": "iban,bank account,account number,bank account number,routing number",
        "bank_code": "bic,swift,swift code,sort code,bank code",
        "social_number": "ssn,social security number,national id,personal number,identity number",
        "passport": "passport,passport number,licence number,license number",
        "version": "version,app version,release",
        "slug": "slug,namespace,shortcode,permalink slug,url slug,handle slug,url key,seo name",
        "sentence": "description,summary,abstract,caption,overview,excerpt,intro,tagline,subtitle,synopsis,"
        "details,short description,meta description,seo description,annotation,detail,blurb,explanation",
        "paragraph": "data,document,documentation,changelog,content,body,text,long description,story,"
        "article body,full text,transcript,terms,template",
        "html": "html,body html,html body,content html,html content",
        "markdown": "markdown,readme,content markdown,body markdown,md",
        "message": "message,comment,comments,note,notes,remark,remarks,feedback,reply,memo,review,answer",
        "question": "question,security question,prompt",
        "bio": "bio,biography,about,about me",
        "instructions": "instructions,instruction,directions,special instructions,delivery notes,guidelines",
        "reason": "reason,cancellation reason,cancel reason,failure reason,error,error message,cause",
        "unit": "unit,uom,unit of measure,measure",
        "material": "material,fabric",
        "word": "keyword,word,term,value,pattern,query,search,purpose,model,service",
        "action": "action,operation,activity,verb,event type",
        "billing_interval": "interval,billing interval,billing cycle,billing period,recurrence,frequency,"
        "cadence",
        "browser": "browser",
        "channel": "channel",
        "device": "device,device type",
        "direction": "direction",
        "environment": "environment,stage name",
        "event": "event,trigger,event name,event key",
        "http_method": "http method,request method,verb http",
        "identity_provider": "provider,auth provider,identity provider,login provider",
        "kind": "kind,type,format,class,variant",
        "resource": "entity type,resource type,subject type,target type,object type,model type,"
        "auditable type,commentable type,owner type,record type,item type,source type,resource,entity,"
        "model name,table name",
        "level": "level,difficulty,grade,proficiency,experience level",
        "log_level": "log level",
        "algorithm": "algorithm,hash algorithm,signing algorithm,cipher",
        "software": "software,software name,application name,app name,client name,generator",
        "mode": "mode",
        "operating_system": "os,operating system",
        "payment_method": "payment method,method,payment type,payment method type",
        "permission": "permission,scope,scopes,privilege,permissions,ability",
        "plan": "plan,tier,subscription plan,pricing plan,plan name",
        "platform": "platform",
        "priority": "priority,urgency,importance",
        "role": "role,user role,member role,account role",
        "severity": "severity",
        "size": "size,shirt size",
        "skill": "skill,skills,speciality,specialty,expertise",
        "source": "source,origin,medium,utm source,utm medium,referrer source,acquisition channel",
        "tag": "tag,tags,keywords,badge",
        "category": "category,genre,section,topic,classification,subcategory,group name",
        "theme": "theme,colour scheme,appearance",
        "visibility": "visibility,access,access level,privacy,audience",
        "flag": "enabled,active,is active,flag,is enabled",
        "json": "json,metadata,payload,meta,properties,settings,config,options,data json,attributes",
    }
)
"""The words of each phrase, and what it means."""
BY_PHRASE: Mapping[tuple[str, ...], str] = dict(PHRASES)
